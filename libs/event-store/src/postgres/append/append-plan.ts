import type { AppendResult, ExpectedRevision, NewEvent, Position } from '@abland/kernel';
import type { AppendRequest } from '../../append/append-request.js';
import type { Mark } from '../../reading/known-log.js';
import { SEPARATOR } from './append-statements.js';
import { EventEncoder } from './event-encoder.js';

interface PlannedStream {
  readonly name: string;
  readonly place: number;
  readonly expected: ExpectedRevision;
  readonly ids: Set<string>;
  events: number;
}

interface PlannedEvent {
  readonly stream: PlannedStream;
  /** Of the stream's events in this group, from 1. */
  readonly offset: number;
  /** Events of the append that this one ends, 0 where it does not. */
  readonly run: number;
  readonly event: NewEvent;
}

const CODES = { no_stream: '-1', any: '-2', stream_exists: '-3' } as const;

/** Appends that can be stored in one round trip if every stream is as expected and no id is stored already. */
export class AppendPlan {
  private readonly streams = new Map<string, PlannedStream>();
  private readonly planned: PlannedEvent[] = [];
  private readonly checked: string[] = [];
  private readonly ends: PlannedEvent[] = [];

  /** Null where later appends of the group depend on what becomes of earlier ones, so that they must be decided one by one. */
  static of(requests: readonly AppendRequest[]): AppendPlan | null {
    const plan = new AppendPlan();
    return requests.every((request) => plan.add(request)) ? plan : null;
  }

  get count(): number {
    return this.planned.length;
  }

  /** Where the log ends and with which event, once this is stored after `head`. */
  endAfter(head: Position): { readonly end: Position; readonly last: Mark | null } {
    const end = head + BigInt(this.count);
    const id = this.planned.at(-1)?.event.id;
    return { end, last: id === undefined ? null : { position: end, id } };
  }

  /** Whether each stream's revision is known if it is as expected, so that the events' revisions are known beforehand. */
  get isExact(): boolean {
    for (const { expected } of this.streams.values()) if (baseOf(expected) === null) return false;
    return true;
  }

  sharesStream(other: AppendPlan): boolean {
    for (const name of this.streams.keys()) if (other.streams.has(name)) return true;
    return false;
  }

  /** The streams' names, what is expected of them, and the ids that must not be stored. */
  conditions(): readonly string[] {
    const streams = [...this.streams.values()];
    return [
      streams.map(({ name }) => name),
      streams.map(({ expected }) => (typeof expected === 'bigint' ? expected.toString() : CODES[expected])),
      this.checked,
    ].map((texts) => texts.join(SEPARATOR));
  }

  /** Parameters of APPEND_EXPECTED that say what to store: a column of the events each. */
  columns(): readonly string[] {
    const columns: readonly string[][] = [[], [], [], [], [], [], [], []];
    const [places, offsets, runs, ids, types, versions, data, metadata] = columns;
    for (const { stream, offset, run, event } of this.planned) {
      places?.push(stream.place.toString());
      offsets?.push(offset.toString());
      runs?.push(run.toString());
      ids?.push(event.id);
      types?.push(event.type);
      versions?.push(event.version.toString());
      data?.push(JSON.stringify(event.data));
      metadata?.push(JSON.stringify(event.metadata));
    }
    return columns.map((texts) => texts.join(SEPARATOR));
  }

  /** The events as COPY's messages, to be stored after `head`; only of an exact plan. */
  copyMessages(head: Position): Buffer {
    const encoder = new EventEncoder(this.planned.length);
    let position = head;
    for (const { stream, offset, run, event } of this.planned) {
      position += 1n;
      encoder.add(position, stream.name, (baseOf(stream.expected) ?? -1n) + BigInt(offset), run, event);
    }
    return encoder.end();
  }

  /** What the callers are told: `head` before the group, and which revisions the streams had, -1 where one did not exist. */
  results(head: Position, revisions: readonly bigint[]): AppendResult[] {
    let position = head;
    const stored = new Map<PlannedStream, number>();
    return this.ends.map(({ stream, offset }) => {
      position += BigInt(offset - (stored.get(stream) ?? 0));
      stored.set(stream, offset);
      return { revision: (revisions[stream.place - 1] ?? -1n) + BigInt(offset), position, duplicate: false };
    });
  }

  /** Where every stream had the exact revision that was expected. */
  exactResults(head: Position): AppendResult[] {
    return this.results(
      head,
      Array.from(this.streams.values(), ({ expected }) => baseOf(expected) ?? -1n),
    );
  }

  private add({ stream: name, events, expected }: AppendRequest): boolean {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = { name, place: this.streams.size + 1, expected, ids: new Set(), events: 0 };
      this.streams.set(name, stream);
    } else if (!follows(stream, expected)) return false;
    for (const [index, event] of events.entries()) {
      if (stream.ids.has(event.id)) return false;
      stream.ids.add(event.id);
      stream.events += 1;
      // A stream that must not exist yet has no ids to be repeated.
      if (stream.expected !== 'no_stream') this.checked.push(event.id);
      const run = index + 1 === events.length ? events.length : 0;
      this.planned.push({ stream, offset: stream.events, run, event });
    }
    this.ends.push(this.planned.at(-1) as PlannedEvent);
    return true;
  }
}

function follows(stream: PlannedStream, expected: ExpectedRevision): boolean {
  if (expected === 'any' || expected === 'stream_exists') return true;
  if (expected === 'no_stream') return false;
  const base = baseOf(stream.expected);
  return base !== null && expected === base + BigInt(stream.events);
}

/** The revision that a stream has where it is as expected, -1 where it does not exist; null where that can be any. */
function baseOf(expected: ExpectedRevision): bigint | null {
  if (expected === 'no_stream') return -1n;
  return typeof expected === 'bigint' ? expected : null;
}
