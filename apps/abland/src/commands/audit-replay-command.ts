import { ProofError } from '@abland/audit-verify';
import { openBareEventStore } from '@abland/event-store';
import { AblandError } from '@abland/kernel';
import { type Environment, loadDataConfig } from '@abland/platform';
import { recordLiveStates } from '@abland/projections';
import type { Command } from 'commander';
import { say } from '../terminal/say.js';
import { type OperatorSession, withSession } from './operator-session.js';
import { operatorAtTheTerminal } from './operations/act-at-the-terminal.js';
import { logKeys } from './options/verifier-key-options.js';
import { NothingUntilError, parseSchema, parseUntil, positionUntil, type Until } from './replay-command.js';
import { type ComparedState, provenReplay } from './audit/proven-replay.js';
import { type HeadFlags, trustedHead } from './audit/trusted-head.js';

interface Flags extends HeadFlags {
  readonly until: Until;
  readonly into?: string;
}

/** What it ends with where it does not come to its end, or what was recorded is not so. */
const EXIT_CODES = {
  STATE_DIFFERS: 30,
  LOG_REWRITTEN: 31,
  NOT_PROVEN: 32,
  CHECKPOINT_TOO_OLD: 33,
  NOTHING_UNTIL_THEN: 34,
  RECORDED_OF_ANOTHER_LOG: 35,
  NO_CHECKPOINT: 36,
  AUDIT_TREE_DAMAGED: 38,
} as const;
type Fault = keyof typeof EXIT_CODES;

const PROGRESS_EVERY_MS = 2_000;
const HELP = `
Each event is hashed as it is read, and all of them are held against the checkpoint: of a log that was changed nothing is built. Without --checkpoint
the deployment's own is taken, and without --key the key that it says: name both to believe nobody here. What was recorded of the read models until
then (\`audit record-states\`, once a day by itself, and whenever others became live) is compared. Where it does not hold, the exit code says why:
${Object.entries(EXIT_CODES)
  .map(([fault, code]) => `  ${code}  ${fault}`)
  .join('\n')}

Example:
  abland audit replay --until 2026-03-03T12:00:00Z --into on_3_march --checkpoint kept.txt --key 'abland.example/log+d79b8a86+AWrG…'`;

export function addProvenReplayCommand(audit: Command, env: Environment): void {
  audit
    .command('replay')
    .description(
      'the read models as they were, built from the proven log alone, beside what was recorded of them',
    )
    .requiredOption('--until <position|block|time>', 'the last event that counts', parseUntil)
    .option('--into <schema>', 'where the tables stay; default: they are dropped once compared', parseSchema)
    .option('--checkpoint <file>', 'a signed note of the log that is trusted')
    .option('--key <verifier key...>', 'of the log', logKeys)
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => {
      const ending = new AbortController();
      const stop = (): void => ending.abort(new Error('Stopped: nothing is left of the replay'));
      await withSession(
        loadDataConfig(env),
        (session) => tellFaults(() => replay(session, flags, ending.signal)),
        stop,
      );
    });
  audit
    .command('record-states')
    .description('records in the log what the read models are now, for a replay to compare')
    .action(() => withSession(loadDataConfig(env), record));
}

async function record({ pool, store }: OperatorSession): Promise<void> {
  const states = await recordLiveStates({ pool, store, actor: operatorAtTheTerminal() });
  for (const { after, checksum, projection } of states)
    say(`${checksum}  ${projection} at ${after.position}`);
}

async function replay(session: OperatorSession, flags: Flags, signal: AbortSignal): Promise<void> {
  const { logger, pool, store, storeUrl } = session;
  const until = await positionUntil(store, flags.until);
  const log = await openBareEventStore(storeUrl, logger);
  try {
    const { head } = await trustedHead({ pool, log }, flags);
    let printedAt = performance.now();
    const { compared, events, states } = await provenReplay({
      ...{ pool, log, logger, clock: Date.now, head, until, into: flags.into ?? null, signal },
      onProgress: (at) => {
        if (performance.now() - printedAt < PROGRESS_EVERY_MS) return;
        printedAt = performance.now();
        say(`at ${at} of ${until}`);
      },
    });
    for (const { checksum, projection } of states) say(`${checksum}  ${projection}`);
    say(`${events} events are proved by the checkpoint of ${head.origin} with ${head.size}`);
    if (flags.into !== undefined)
      say(`the read models as they were at position ${until} are in schema ${flags.into}`);
    tellCompared(compared);
  } finally {
    await log.close();
  }
}

function tellCompared(compared: readonly ComparedState[]): void {
  if (compared.length === 0) say('nothing was recorded of the read models until then');
  for (const { outcome, position, projection, recorded, tables } of compared) {
    const differing = tables.length === 0 ? '' : `: ${tables.join(', ')}`;
    say(`${outcome}  ${projection} as recorded ${recorded.recordedAt} at ${position}${differing}`);
  }
  const differing = compared.filter(({ outcome }) => outcome === 'DIFFERS');
  if (differing.length > 0)
    fail('STATE_DIFFERS', `${differing.length} read models are not what was recorded`);
}

function fail(fault: Fault, message: string): void {
  process.stderr.write(`abland: ${message}: ${fault}\n`);
  process.exitCode = EXIT_CODES[fault];
}

async function tellFaults(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ProofError) return fail('NOT_PROVEN', `${error.message} (${error.fault})`);
    const isKnown = error instanceof AblandError && error.code in EXIT_CODES;
    if (!isKnown && !(error instanceof NothingUntilError)) throw error;
    fail((error as AblandError).code as Fault, (error as AblandError).message);
  }
}
