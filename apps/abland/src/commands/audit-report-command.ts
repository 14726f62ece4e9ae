import { randomUUID } from 'node:crypto';
import {
  compareWithLog,
  eventsOfReport,
  LogSigner,
  parseQuery,
  REPORT_FAULTS,
  type ReportQuery,
  verifyFolder,
  writeReport,
} from '@abland/audit';
import { canonicalJson, type JsonValue, ProofError, toBase64, type VerifierKey } from '@abland/audit-verify';
import { parseReason, REPORT_VERSIONS, type ReportEvent, reportStream } from '@abland/domain';
import { asPrograms } from '@abland/event-codec';
import { openBareEventStore } from '@abland/event-store';
import { AblandError, type EventStore } from '@abland/kernel';
import { type Environment, loadDataConfig, loadLogSigningConfig } from '@abland/platform';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { say } from '../terminal/say.js';
import { type OperatorSession, withSession } from './operator-session.js';
import { operatorAtTheTerminal } from './operations/act-at-the-terminal.js';
import { logKeys, witnessKeys } from './options/verifier-key-options.js';
import { type HeadFlags, trustedHead } from './audit/trusted-head.js';

interface ReportFlags extends HeadFlags {
  readonly chain?: number;
  readonly address?: string;
  readonly pool?: string;
  readonly token?: string;
  readonly from?: string;
  readonly until?: string;
  readonly reason: string;
  readonly out: string;
}

interface VerifyFlags {
  readonly key: readonly VerifierKey[];
  readonly witness?: readonly VerifierKey[];
  readonly offline: boolean;
}

/** What was signed with it nobody would believe. */
class OtherSigningKeyError extends AblandError {
  readonly code = 'SIGNING_KEY_OTHER';
}

/** Behind those of `audit replay`; what both can meet has the same. */
const FIRST_EXIT_CODE = 40;
const EXIT_CODES: Readonly<Record<string, number>> = {
  ...{ LOG_REWRITTEN: 31, NOT_PROVEN: 32, NO_CHECKPOINT: 36 },
  ...{ LOG_BEHIND_CHECKPOINT: 37, AUDIT_TREE_DAMAGED: 38 },
  ...Object.fromEntries(REPORT_FAULTS.map((fault, at) => [fault, FIRST_EXIT_CODE + at])),
};
const LOG_FAULTS = [
  ...['LOG_REWRITTEN', 'NOT_PROVEN', 'NO_CHECKPOINT', 'LOG_BEHIND_CHECKPOINT', 'AUDIT_TREE_DAMAGED'],
];
const codes = (names: readonly string[]): string =>
  names.map((name) => `  ${EXIT_CODES[name]}  ${name}`).join('\n');

const REPORT_HELP = `
account (--chain, --address): what an address had, did and asked for. market (--chain, with --pool one pool): what happened in pools, beside the
reserves that the contract told. token (--chain, --token): supply, holders, what its creator and governance did. records (--chain): orders and transactions, as EU 2025/1140 wants
them. acts: who was let in, what operators did, what
was refused, who was erased. --from and --until bound it (ISO 8601, UTC; until is not included).

It is made of the log alone, up to a checkpoint, and of all of it: the same question of the same checkpoint gives the same folder anywhere, which is named
by its content and signed with LOG_SIGNING_KEY. That it was asked for is an event. What people say of themselves stays sealed in it. Where the log does
not hold, the exit code says why:
${codes(LOG_FAULTS)}

Example:
  abland audit report market --chain 31337 --from 2026-03-03T00:00:00Z --until 2026-03-04T00:00:00Z --out reports --reason 'Daily'`;

const VERIFY_HELP = `
It wants the folder as it was signed, and, but for --offline, the log at hand: the report is written anew from it and compared. Where it does not hold, the
exit code says why:
${codes([...LOG_FAULTS, ...REPORT_FAULTS])}`;

export function addReportCommands(audit: Command, env: Environment): void {
  audit
    .command('report')
    .argument('<kind>', 'account, market, token, records or acts')
    .description('a report that anybody with the log can make again, byte for byte')
    .option('--chain <id>', 'of the chain', wholeNumber)
    .option('--address <address>', 'whose account')
    .option('--pool <id>', 'of one pool alone')
    .option('--token <address>', 'which token')
    .option('--from <time>', 'the first second that counts')
    .option('--until <time>', 'the first second that does not')
    .option('--checkpoint <file>', 'a signed note of the log that is trusted')
    .option('--key <verifier key...>', 'of the log', logKeys)
    .requiredOption('--reason <text>', 'why it is asked for: it stays in the log')
    .requiredOption('--out <folder>', 'where the folder of the report is made')
    .addHelpText('after', REPORT_HELP)
    .action((kind: string, flags: ReportFlags) => {
      const query = queryOf(kind, flags);
      const ending = new AbortController();
      const stop = (): void => ending.abort(new Error('Stopped: nothing is left of the report'));
      return withSession(
        loadDataConfig(env),
        (session) => tellFaults(() => report(session, env, query, flags, ending.signal)),
        stop,
      );
    });
  audit
    .command('verify-report')
    .argument('<folder>', 'of a report')
    .description('checks a report, and makes it again from the log to compare')
    .requiredOption('--key <verifier key...>', 'of the log', logKeys)
    .option('--witness <verifier key...>', 'whose cosignatures of its checkpoint are needed', witnessKeys)
    .addOption(new Option('--offline', 'the folder alone, without the log').default(false))
    .addHelpText('after', VERIFY_HELP)
    .action((folder: string, flags: VerifyFlags) => tellFaults(() => verify(folder, flags, env)));
}

/** What a kind is asked for with; another option would say something that is not heeded. */
const OPTIONS_OF: Readonly<Record<string, readonly string[]>> = {
  account: ['chain', 'address'],
  market: ['chain', 'pool'],
  token: ['chain', 'token'],
  records: ['chain'],
  acts: [],
};

/** @throws InvalidArgumentError naming the option */
function queryOf(kind: string, flags: ReportFlags): ReportQuery {
  const { address, chain, from = null, pool, token, until = null } = flags;
  const options = OPTIONS_OF[kind];
  if (options === undefined)
    throw new InvalidArgumentError(`There is no report ${kind}: ${Object.keys(OPTIONS_OF).join(', ')}`);
  const given = Object.entries({ chain, address, pool, token }).find(
    ([name, value]) => value !== undefined && !options.includes(name),
  );
  if (given !== undefined) throw new InvalidArgumentError(`A report ${kind} takes no --${given[0]}`);
  const fields: Readonly<Record<string, object>> = {
    account: { chainId: chain, address: address?.toLowerCase() },
    market: { chainId: chain, poolId: pool?.toLowerCase() ?? null },
    token: { chainId: chain, token: token?.toLowerCase() },
    records: { chainId: chain },
  };
  try {
    return parseQuery({
      ...{ kind: kind.toUpperCase(), from, until },
      ...fields[kind],
    } as unknown as JsonValue);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

async function report(
  session: OperatorSession,
  env: Environment,
  query: ReportQuery,
  flags: ReportFlags,
  signal: AbortSignal,
): Promise<void> {
  const reason = parseReason(flags.reason);
  const { pool, store } = session;
  await withLog(session, async (log) => {
    const { head, note, ownKeys } = await trustedHead({ pool, log }, flags);
    const signer = new LogSigner(head.origin, loadLogSigningConfig(env).keys);
    const [key = ''] = signer.verifierKeys.split('\n');
    if (!ownKeys.includes(key))
      throw new OtherSigningKeyError('LOG_SIGNING_KEY is not the key that this log is signed with', { key });
    const reportId = randomUUID();
    const requestedBy = operatorAtTheTerminal();
    await record(store, {
      ...{ type: 'ReportRequested', version: REPORT_VERSIONS.ReportRequested },
      data: {
        ...{ reportId, kind: query.kind, query: canonicalJson(query as unknown as JsonValue) },
        ...{ treeSize: `${head.size}`, root: toBase64(head.root), requestedBy, reason },
        ...{ opensPersonalData: false, at: new Date().toISOString() },
      },
    });
    const written = await writeReport({
      ...{ query, head, checkpoint: note, signer, into: flags.out, signal },
      ...eventsOfReport({ pool, log, head }, asPrograms),
    });
    const { manifest, name, path } = written;
    await record(store, {
      ...{ type: 'ReportWritten', version: REPORT_VERSIONS.ReportWritten },
      data: { reportId, name, at: new Date().toISOString() },
    });
    for (const file of manifest.files) if (file.format === 'csv') say(`${file.rows}  ${file.name}`);
    say(`${head.size} events are proved by the checkpoint of ${head.origin}`);
    say(path);
  });
}

async function record(store: EventStore, event: ReportEvent): Promise<void> {
  const { reportId } = event.data;
  const metadata = { correlationId: reportId, causationId: null, actor: operatorAtTheTerminal() };
  await store.append(reportStream(reportId), [{ id: randomUUID(), ...event, metadata }], 'any');
}

async function verify(
  folder: string,
  { key, offline, witness = [] }: VerifyFlags,
  env: Environment,
): Promise<void> {
  const verified = await verifyFolder(folder, {
    ...{ logKeys: key, witnessKeys: witness, witnessesMin: witness.length },
  });
  const { manifest } = verified;
  say(
    `${manifest.query.kind} of the first ${manifest.log.size} events of ${manifest.log.origin}, as it was signed`,
  );
  if (offline) return;
  const ending = new AbortController();
  const stop = (): void => ending.abort(new Error('Stopped: nothing is left of what was compared'));
  const compare = ({ pool, ...session }: OperatorSession): Promise<void> =>
    withLog(session, (log) =>
      compareWithLog(verified, (head) => eventsOfReport({ pool, log, head }, asPrograms), ending.signal),
    );
  await withSession(loadDataConfig(env), compare, stop);
  say('the log gives the same report, byte for byte');
}

async function withLog<Result>(
  { logger, storeUrl }: Pick<OperatorSession, 'logger' | 'storeUrl'>,
  work: (log: EventStore) => Promise<Result>,
): Promise<Result> {
  const log = await openBareEventStore(storeUrl, logger);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

async function tellFaults(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isProof = error instanceof ProofError;
    const code = isProof ? 'NOT_PROVEN' : error instanceof AblandError ? error.code : '';
    const exitCode = EXIT_CODES[code];
    if (exitCode === undefined) throw error;
    const { message } = error as Error;
    process.stderr.write(`abland: ${isProof ? `${message} (${error.fault})` : message}: ${code}\n`);
    process.exitCode = exitCode;
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It must be a whole number');
  return Number(text);
}
