import {
  Finding,
  type FindingCode,
  FINDINGS,
  formatVerifierKey,
  newestOf,
  toBase64,
  type VerifierKey,
} from '@abland/audit-verify';
import { onStopSignal } from '@abland/platform';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { say } from '../../terminal/say.js';
import { logKeys } from '../options/verifier-key-options.js';
import { HttpPlace } from './http-place.js';
import { StateFile } from './state-file.js';
import { type Telling, watchLog } from './watch-log.js';

interface MonitorFlags {
  readonly url: readonly [string, ...string[]];
  readonly checkpoint?: readonly string[];
  readonly key?: readonly VerifierKey[];
  readonly state: string;
  readonly every: number;
  readonly once: boolean;
  readonly maxAge?: number;
  readonly timeout: number;
  readonly hashesOnly: boolean;
  readonly json: boolean;
}

/** Behind those of `audit verify`. */
const FIRST_EXIT_CODE = 20;
const exitCodeOf = (code: FindingCode): number => FIRST_EXIT_CODE + FINDINGS.indexOf(code);

const HELP = `
It asks for checkpoint, tiles and entries as anybody may, and keeps what it saw in the state file, so that it can be ended and begun
again. Without --key the keys that the first URL shows are believed the first time, and kept; learn them by another way if you can.
It ends when something is wrong, and the exit code says what; the signed notes that show it are printed, and are evidence:
${FINDINGS.map((code) => `  ${exitCodeOf(code)}  ${code}`).join('\n')}

Examples:
  abland audit monitor --url https://abland.example/log --state abland.json --max-age 3600
  abland audit monitor --url https://abland.example/log https://mirror.example/log --state abland.json --once --json`;

export function addMonitorCommand(audit: Command): void {
  audit
    .command('monitor')
    .description('follows the log of a deployment by its public HTTP alone, and tells what is wrong with it')
    .requiredOption(
      '--url <url...>',
      'what /checkpoint and /tile/ of the log lie under; several must show one tree',
      place,
    )
    .option(
      '--checkpoint <url...>',
      'what only /checkpoint lies under: of a witness, or whoever passes it on',
      place,
    )
    .option('--key <verifier key...>', 'of the log, instead of those that are kept', logKeys)
    .requiredOption('--state <file>', 'what it keeps')
    .addOption(new Option('--every <seconds>', 'between two looks').default(60).argParser(seconds))
    .option('--once', 'one look', false)
    .option(
      '--max-age <seconds>',
      'the log is stale after so long without a new entry; default: never',
      seconds,
    )
    .addOption(
      new Option('--timeout <seconds>', 'for an answer, to its last byte').default(20).argParser(seconds),
    )
    .option('--hashes-only', 'checkpoints and tiles, no entries', false)
    .option('--json', 'a line of JSON for all that it tells, on standard output', false)
    .addHelpText('after', HELP)
    .action((flags: MonitorFlags) => monitor(flags));
}

async function monitor(flags: MonitorFlags): Promise<void> {
  const ending = new AbortController();
  const leaveSignals = onStopSignal(() => ending.abort());
  const limits = { answerWithinMs: flags.timeout * 1_000, signal: ending.signal };
  const at = (url: string): HttpPlace => new HttpPlace(url, limits);
  const [first, ...more] = flags.url;
  try {
    await watchLog({
      logs: [at(first), ...more.map(at)],
      others: (flags.checkpoint ?? []).map(at),
      keys: flags.key ?? [],
      state: new StateFile(flags.state),
      maxAgeMs: flags.maxAge === undefined ? null : flags.maxAge * 1_000,
      everyMs: flags.once ? null : flags.every * 1_000,
      readsEntries: !flags.hashesOnly,
      signal: ending.signal,
      tell: flags.json ? TOLD_AS_JSON : TOLD_AS_TEXT,
    });
  } catch (error) {
    if (ending.signal.aborted) return;
    if (!(error instanceof Finding)) throw error;
    shout(error, flags.json);
    process.exitCode = exitCodeOf(error.code);
  } finally {
    leaveSignals();
  }
}

function shout({ at, code, evidence, message }: Finding, asJson: boolean): void {
  if (asJson)
    return say(JSON.stringify({ finding: code, message, at, evidence, exitCode: exitCodeOf(code) }));
  const notes = evidence.map((note) => `\n${note}`).join('');
  process.stderr.write(`${shown(`abland: ${code}: ${message} (${at})\n${notes}`)}\n`);
}

/** What others wrote must not command the terminal. */
const shown = (text: string): string => text.replace(/[^\P{Cc}\n]/gu, '\ufffd').trimEnd();

const TOLD_AS_TEXT: Telling = {
  firstUse: (keys, url) =>
    say(`believed from now on, as ${url} shows them: ${keys.map(formatVerifierKey).join(', ')}`),
  seen: (followed, url) =>
    say(
      `a tree of ${newestOf(followed)?.size ?? 0} entries at ${url}, of which ${followed.entries.size} are read`,
    ),
  away: ({ at, message }) =>
    process.stderr.write(`${shown(`abland: ${message} (${at}); it is asked again`)}\n`),
  unkept: ({ message }) =>
    process.stderr.write(`${shown(`abland: ${message}; what was seen is kept once it can be`)}\n`),
};

const TOLD_AS_JSON: Telling = {
  firstUse: (keys, url) => say(JSON.stringify({ firstUse: keys.map(formatVerifierKey), at: url })),
  seen: (followed, url) => {
    const newest = newestOf(followed);
    const root = newest === null ? null : toBase64(newest.root);
    say(JSON.stringify({ size: newest?.size ?? 0, root, entriesRead: followed.entries.size, at: url }));
  },
  away: ({ at, message }) => say(JSON.stringify({ away: message, at })),
  unkept: ({ message }) => say(JSON.stringify({ unkept: message })),
};

const PLACES_MAX = 8;

function place(text: string, before: readonly string[] = []): readonly string[] {
  const url = URL.parse(text);
  const isPlace = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  if (!isPlace) throw new InvalidArgumentError('It must be the URL that /checkpoint lies under');
  if (before.length >= PLACES_MAX) throw new InvalidArgumentError(`No more than ${PLACES_MAX} are asked`);
  return [...before, text.replace(/\/+$/, '')];
}

const SECONDS_MAX = 31_536_000;

function seconds(text: string): number {
  const value = /^\d{1,8}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= SECONDS_MAX) return value;
  throw new InvalidArgumentError('It must be a whole number of seconds, from 1 on');
}
