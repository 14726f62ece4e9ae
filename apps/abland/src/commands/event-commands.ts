import { type Command, InvalidArgumentError } from 'commander';
import { EVENT_VERSIONS } from '@abland/event-codec';
import { openEventIndex } from '@abland/event-store';
import { type EventName, findEvent, measureLog, tailEvents } from '@abland/log-tools';
import { type EventFilter, type RecordedEvent, UUID } from '@abland/kernel';
import { type DataConfig, type Environment, loadDataConfig } from '@abland/platform';
import { say } from '../terminal/say.js';
import { NotThereError } from './errors.js';
import { type OperatorSession, withSession } from './operator-session.js';

interface TailFlags {
  readonly count: number;
  readonly follow: boolean;
  readonly type?: readonly string[];
  readonly stream?: readonly string[];
  readonly json: boolean;
}

const PROGRESS_EVERY_EVENTS = 100_000n;

const TAIL_HELP = `
A line is: position, recorded time (UTC), stream@revision, type, data. On a terminal it is cut to its width; --json is whole.

Examples:
  abland events tail --follow --type RequestConfirmed RequestFailed
  abland events tail -n 5 --stream request- relayer- --json`;

export function addEventCommands(program: Command, env: Environment): void {
  const events = program.command('events').description('looks into the log');
  events
    .command('tail')
    .description('the newest events, and with --follow those that come')
    .option('-n, --count <number>', 'how many to begin with', wholeNumber, 20)
    .option('-f, --follow', 'go on with what comes, until Ctrl-C', false)
    .option('--type <type...>', 'only events of these types, `Swap` for instance', eventTypes)
    .option('--stream <prefix...>', 'only streams that begin so, `request-` for instance')
    .option('--json', 'whole events, one JSON object a line', false)
    .addHelpText('after', TAIL_HELP)
    .action((flags: TailFlags) => tail(loadDataConfig(env), flags));
  events
    .command('show')
    .argument('<event>', 'its position, its id, or <stream>@<revision>', eventName)
    .description('one event, whole, as JSON')
    .action((name: EventName, _flags: object, { args }: Command) =>
      show(loadDataConfig(env), name, args[0] ?? ''),
    );
  events
    .command('stats')
    .description('counts by type and by kind of stream, and the checksum of the whole log')
    .option('--json', 'as one JSON object', false)
    .addHelpText(
      'after',
      '\nIt reads the whole log once. A log and its copy in another store have the same checksum.',
    )
    .action((flags: { readonly json: boolean }) => stats(loadDataConfig(env), flags.json));
}

async function tail(config: DataConfig, flags: TailFlags): Promise<void> {
  const ending = new AbortController();
  const filter: EventFilter = {
    ...(flags.type === undefined ? {} : { types: flags.type }),
    ...(flags.stream === undefined ? {} : { streamPrefixes: flags.stream }),
  };
  const follow = flags.follow ? { follow: ending.signal } : {};
  const print = async ({ store }: OperatorSession): Promise<void> => {
    for await (const event of tailEvents(store, { count: flags.count, filter, ...follow })) {
      say(flags.json ? asJson(inOrder(event), 0) : asLine(event));
    }
  };
  await withSession(config, print, () => ending.abort());
}

async function show(config: DataConfig, name: EventName, given: string): Promise<void> {
  await withSession(config, async ({ store, storeUrl }) => {
    const index = await openEventIndex(storeUrl);
    try {
      const event = await findEvent(store, index, name, everyNow('searched'));
      if (event === null) throw new NotThereError('event', given);
      say(asJson(inOrder(event), 2));
    } finally {
      await index.close();
    }
  });
}

async function stats(config: DataConfig, json: boolean): Promise<void> {
  await withSession(config, async ({ store }) => {
    const { byCategory, byType, ...found } = await measureLog(store, everyNow('read'));
    if (json) {
      say(
        asJson(
          { ...found, byCategory: Object.fromEntries(byCategory), byType: Object.fromEntries(byType) },
          2,
        ),
      );
      return;
    }
    say(
      `${found.events} events in ${found.streams} streams, recorded from ${found.first ?? '-'} to ${found.last ?? '-'} (UTC)`,
    );
    for (const [kind, count] of byCategory) say(`${String(count).padStart(10)}  ${kind}-*`);
    for (const [type, count] of byType) say(`${String(count).padStart(10)}  ${type}`);
    say(`${found.checksum}  checksum of the log`);
  });
}

/** Says how far a long reading is, each time that it has got on by much. */
function everyNow(done: string): (count: bigint) => void {
  let told = 0n;
  return (count) => {
    if (count - told < PROGRESS_EVERY_EVENTS) return;
    told = count;
    process.stderr.write(`${count} events ${done}\n`);
  };
}

function eventName(text: string): EventName {
  if (/^\d{1,20}$/.test(text)) return { position: BigInt(text) };
  if (UUID.test(text.toLowerCase())) return { id: text.toLowerCase() };
  const { stream, revision } = /^(?<stream>.+)@(?<revision>\d{1,18})$/.exec(text)?.groups ?? {};
  if (stream === undefined || revision === undefined) {
    throw new InvalidArgumentError('It is neither a position, nor an id, nor <stream>@<revision>.');
  }
  return { stream, revision: BigInt(revision) };
}

function eventTypes(type: string, before: readonly string[] = []): readonly string[] {
  if (!Object.hasOwn(EVENT_VERSIONS, type))
    throw new InvalidArgumentError(
      `There is no event type ${type}; \`events stats\` tells those of the log.`,
    );
  return [...before, type];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function asLine({ position, recordedAt, stream, revision, type, data }: RecordedEvent): string {
  const line = `${position}  ${recordedAt}  ${stream}@${revision}  ${type}  ${JSON.stringify(data)}`;
  const { columns } = process.stdout;
  return process.stdout.isTTY && line.length > columns ? `${line.slice(0, columns - 1)}…` : line;
}

/** What and where it is before what it holds. */
const inOrder = ({ position, recordedAt, stream, revision, ...event }: RecordedEvent): object => ({
  ...{ position, recordedAt, stream, revision },
  ...event,
});

const asJson = (value: object, indent: number): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part), indent);
