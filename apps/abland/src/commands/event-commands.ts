import { type Command, InvalidArgumentError } from 'commander';
import { findEvent, measureLog, tailEvents } from '@abland/event-store';
import type { EventFilter, RecordedEvent } from '@abland/kernel';
import type { Config } from '@abland/platform';
import { withSession } from './operator-session.js';

interface TailFlags {
  readonly count: number;
  readonly follow: boolean;
  readonly type?: readonly string[];
  readonly stream?: readonly string[];
  readonly json: boolean;
}

const PROGRESS_EVERY_EVENTS = 100_000n;

export function addEventCommands(program: Command, config: () => Config): void {
  const events = program.command('events').description('looks into the log');
  events
    .command('tail')
    .description('the newest events, and with --follow those that come')
    .option('-n, --count <number>', 'how many to begin with', wholeNumber, 20)
    .option('-f, --follow', 'go on with what comes, until Ctrl-C', false)
    .option('--type <type...>', 'only events of these types')
    .option('--stream <prefix...>', 'only streams that begin so, `order-` for instance')
    .option('--json', 'whole events, one JSON object a line', false)
    .action((flags: TailFlags) => tail(config(), flags));
  events
    .command('show')
    .argument('<place>', 'a position, or <stream>@<revision>')
    .description('one event, whole')
    .action((place: string) => show(config(), place));
  events
    .command('stats')
    .description('counts by type and by kind of stream, and the checksum of the whole log')
    .action(() => stats(config()));
}

async function tail(config: Config, flags: TailFlags): Promise<void> {
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort());
  const filter: EventFilter = {
    ...(flags.type === undefined ? {} : { types: flags.type }),
    ...(flags.stream === undefined ? {} : { streamPrefixes: flags.stream }),
  };
  await withSession(config, async ({ store }) => {
    const follow = flags.follow ? { follow: ending.signal } : {};
    for await (const event of tailEvents(store, { count: flags.count, filter, ...follow })) {
      say(flags.json ? asJson(event, 0) : asLine(event));
    }
  });
}

async function show(config: Config, place: string): Promise<void> {
  const at = parsePlace(place);
  await withSession(config, async ({ store }) => {
    const event = await findEvent(store, at);
    if (event === null) throw new Error(`There is no event at ${place}`);
    say(asJson(event, 2));
  });
}

async function stats(config: Config): Promise<void> {
  await withSession(config, async ({ store }) => {
    let told = 0n;
    const found = await measureLog(store, (count) => {
      if (count - told < PROGRESS_EVERY_EVENTS) return;
      told = count;
      process.stderr.write(`${count} events read\n`);
    });
    say(
      `${found.events} events in ${found.streams} streams, from ${found.first ?? '-'} to ${found.last ?? '-'}`,
    );
    for (const [kind, count] of found.byCategory) say(`${String(count).padStart(10)}  ${kind}-*`);
    for (const [type, count] of found.byType) say(`${String(count).padStart(10)}  ${type}`);
    say(`${found.checksum}  checksum of the log`);
  });
}

function parsePlace(place: string): { position: bigint } | { stream: string; revision: bigint } {
  if (/^\d+$/.test(place)) return { position: BigInt(place) };
  const match = /^(?<stream>.+)@(?<revision>\d+)$/.exec(place);
  if (match?.groups?.['stream'] === undefined) {
    throw new Error(`${place} is neither a position nor <stream>@<revision>`);
  }
  return { stream: match.groups['stream'], revision: BigInt(match.groups['revision'] ?? 0) };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

const asLine = ({ position, recordedAt, stream, revision, type, data }: RecordedEvent): string =>
  `${position}  ${recordedAt}  ${stream}@${revision}  ${type}  ${JSON.stringify(data)}`;

const asJson = (event: RecordedEvent, indent: number): string =>
  JSON.stringify(
    event,
    (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    indent,
  );

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
