import { type Command, InvalidArgumentError } from 'commander';
import { AblandError, type Position } from '@abland/kernel';
import { wholeSecondOf } from '@abland/domain';
import { positionRecordedBy } from '@abland/log-tools';
import { type Environment, loadDataConfig } from '@abland/platform';
import { isReplaySchema, positionOfBlock, replayReadModels } from '@abland/projections';
import { type OperatorSession, withSession } from './operator-session.js';
import { say } from '../terminal/say.js';

/** Where the replay ends. */
export type Until =
  | { readonly position: Position }
  | { readonly chainId: number; readonly block: number }
  | { readonly recordedAt: number };

interface ReplayFlags {
  readonly until: Until;
  readonly into: string;
}

const PROGRESS_EVERY_MS = 2_000;

const HELP = `
--until is a position of the log (120934), a block of a chain as it is known now (31337:block:42), or a moment in ISO 8601, UTC, at
which something was recorded (2026-01-31T12:00:00Z).

Example:
  abland replay --until 2026-01-31T12:00:00Z --into at_the_end_of_january
  psql -c 'SELECT * FROM at_the_end_of_january.pools'`;

export function addReplayCommand(program: Command, env: Environment): void {
  program
    .command('replay')
    .description(
      'the read models as they were, however long ago, as tables of a new schema; nothing live is touched',
    )
    .requiredOption('--until <position|block|time>', 'the last event that counts', parseUntil)
    .requiredOption(
      '--into <schema>',
      'a schema that there is not yet; drop it when it is not needed any more',
      parseSchema,
    )
    .addHelpText('after', HELP)
    .action(async (flags: ReplayFlags) => {
      const ending = new AbortController();
      const stop = (): void => ending.abort(new ReplayStoppedError('Stopped: nothing is left of the replay'));
      await withSession(loadDataConfig(env), (session) => replay(session, flags, ending.signal), stop);
    });
}

/** @throws InvalidArgumentError */
export function parseUntil(text: string): Until {
  if (/^\d{1,20}$/.test(text)) return { position: BigInt(text) };
  const block = /^(\d{1,15}):block:(\d{1,15})$/.exec(text);
  if (block !== null) return { chainId: Number(block[1]), block: Number(block[2]) };
  // Of a day that does not exist it knows no second.
  if (wholeSecondOf(text) === null)
    throw new InvalidArgumentError('It is a position, <chain>:block:<number> or a moment');
  return { recordedAt: Date.parse(text) };
}

/** @throws InvalidArgumentError */
export function parseSchema(text: string): string {
  if (isReplaySchema(text)) return text;
  throw new InvalidArgumentError(
    'It begins with a small letter, goes on with such letters, digits and _, and is no name that is kept for others',
  );
}

/** Somebody ended it at the terminal. */
class ReplayStoppedError extends AblandError {
  readonly code = 'REPLAY_STOPPED';
}

/** What the log has nothing of. */
export class NothingUntilError extends AblandError {
  readonly code = 'NOTHING_UNTIL_THEN';
}

async function replay(
  { logger, pool, store }: OperatorSession,
  { into, until }: ReplayFlags,
  signal: AbortSignal,
): Promise<void> {
  const position = await positionUntil(store, until);
  let printedAt = performance.now();
  await replayReadModels({
    ...{ pool, store, logger, clock: Date.now, into, until: position, signal },
    onProgress: (at) => {
      if (performance.now() - printedAt < PROGRESS_EVERY_MS) return;
      printedAt = performance.now();
      say(`at ${at} of ${position}`);
    },
  });
  say(`the read models as they were at position ${position} are in schema ${into}`);
}

/** @throws NothingUntilError */
export async function positionUntil(store: OperatorSession['store'], until: Until): Promise<Position> {
  const position = await positionOf(store, until);
  const head = await store.head();
  if (position === null || head === null)
    throw new NothingUntilError('The log has nothing until then', { ...until });
  if (position > head) throw new NothingUntilError(`The log ends at ${head}`, { ...until });
  return position;
}

function positionOf(store: OperatorSession['store'], until: Until): Promise<Position | null> {
  if ('position' in until) return Promise.resolve(until.position);
  if ('recordedAt' in until) return positionRecordedBy({ log: store, along: null }, until.recordedAt);
  return positionOfBlock(store, { chainId: until.chainId, number: until.block });
}
