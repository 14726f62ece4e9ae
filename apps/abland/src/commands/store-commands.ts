import type { Command } from 'commander';
import { openEventStore } from '@abland/event-codec';
import { type Logger, withoutSecrets } from '@abland/kernel';
import { type CopyProgress, type CopyReport, copyStore } from '@abland/log-tools';
import { recordOperation, recordWhenOver } from '@abland/operations';
import {
  ConfigError,
  createLogger,
  type DataConfig,
  type Environment,
  EXIT_INTERRUPTED,
  loadDataConfig,
  onStopSignal,
} from '@abland/platform';
import { CopyStoppedError } from './errors.js';
import { actAtTheTerminal } from './operations/act-at-the-terminal.js';
import { poolOfSystem } from './operations/pool-of-system.js';
import { say } from '../terminal/say.js';

interface CopyFlags {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

const COPY_HELP = `
The copy keeps order, revisions, ids and recorded times; positions are each store's own. Copy while nothing writes to the
target, and stop the programs that write to the source before the last copy: what they append later is taken by asking again.
A copy that was cut off at any moment goes on when asked again. Personal data is copied as it is stored, encrypted; its keys
are not in the log and stay where they are. Who copied, why and what came of it is recorded in the source, and copied last.

A URL with a password is better given as env:NAME, since others on the machine can see a command's arguments.

Examples:
  abland store copy --from postgres://localhost/abland --to esdb://localhost:2113?tls=false
  OLD=postgres://… NEW=esdb://… abland store copy --from env:OLD --to env:NEW`;

export function addStoreCommands(program: Command, env: Environment): void {
  const store = program.command('store').description('the event store itself');
  store
    .command('copy')
    .description('copies a log in order to another store, with progress, and compares both at the end')
    .requiredOption('--from <url>', 'postgres://… or esdb://…, or env:NAME')
    .requiredOption('--to <url>', 'the same; empty, or with the beginning of this copy')
    .option('--reason <text>', 'why: it stays in the log', 'copied from the command line')
    .addHelpText('after', COPY_HELP)
    .action((flags: CopyFlags) => copy(loadDataConfig(env), flags));
}

async function copy(config: DataConfig, flags: CopyFlags): Promise<void> {
  const logger = createLogger({
    level: config.logLevel === 'silent' ? 'silent' : 'warn',
    name: 'abland',
    pretty: true,
  });
  const ending = new AbortController();
  const end = (): void =>
    ending.abort(new CopyStoppedError('The copy was stopped; ask again to go on with it'));
  onStopSignal(() => (ending.signal.aborted ? process.exit(EXIT_INTERRUPTED) : end()));
  const { copied, events, checksum } = await copyStore({
    fromUrl: storeUrl(flags.from),
    toUrl: storeUrl(flags.to),
    logger,
    signal: ending.signal,
    onProgress: (progress) => process.stderr.write(`${describeProgress(progress)}\n`),
    recorded: (copy) => recordedCopy({ config, flags, logger, ending }, copy),
  });
  say(`${copied} events copied, ${events} in both, equal by checksum`);
  say(`${checksum}  checksum of the log`);
}

interface AskedCopy {
  readonly config: DataConfig;
  readonly flags: CopyFlags;
  readonly logger: Logger;
  readonly ending: AbortController;
}

/** In the log that is copied: before it, too, where the system on it has a database at hand that tells what came of it. */
async function recordedCopy(
  { config, ending, flags, logger }: AskedCopy,
  copy: () => Promise<CopyReport>,
): Promise<CopyReport> {
  const { from, to, reason } = flags;
  const log = await openEventStore(storeUrl(from), logger);
  const pool = await poolOfSystem(config, storeUrl(from), logger);
  try {
    const act = actAtTheTerminal('COPY_LOG', `to ${withoutSecrets(storeUrl(to))}`, reason);
    const copied = async () => {
      const result = await copy();
      const { events, checksum } = result;
      const figures = [
        { name: 'events', value: `${events}` },
        { name: 'checksum', value: checksum },
      ];
      return { result, figures };
    };
    if (pool === null) return await recordWhenOver({ log, clock: Date.now }, act, copied);
    return await recordOperation({ log, clock: Date.now, pool }, act, ({ lost }) => {
      lost.addEventListener('abort', () => ending.abort(lost.reason), { once: true });
      return copied();
    });
  } finally {
    await pool?.end();
    await log.close();
  }
}

/** @throws ConfigError where the named variable is absent */
function storeUrl(flag: string): string {
  const name = /^env:(.+)$/.exec(flag)?.[1];
  if (name === undefined) return flag;
  const value = process.env[name];
  if (value === undefined || value === '') throw new ConfigError(name, 'is not set');
  return value;
}

function describeProgress({ phase, events, eventsPerSecond, share, secondsLeft }: CopyProgress): string {
  const rate = `${events} events, ${Math.round(eventsPerSecond)} a second`;
  if (share === 1) return `${phase}: ${rate}, done`;
  const left = secondsLeft === null ? '' : `, ${clockTime(secondsLeft)} left`;
  return `${phase}: ${Math.floor(share * 100)} %, ${rate}${left}`;
}

function clockTime(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  return [hours, minutes, whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
