import type { EventFilter, EventStore, Position, RecordedEvent } from '@abland/kernel';
import { EventChecksum } from './copy/event-checksum.js';
import type { EventIndex, StreamPlace } from '@abland/event-store';

export interface TailOptions {
  /** How many of the newest matching events to begin with. */
  readonly count: number;
  readonly filter?: EventFilter;
  /** Goes on with what comes until it aborts; absent: only what is there. */
  readonly follow?: AbortSignal;
}

/** The newest events in their order and, where wanted, the ones that follow. */
export async function* tailEvents(
  store: EventStore,
  { count, filter, follow }: TailOptions,
): AsyncGenerator<RecordedEvent> {
  const filtered = filter === undefined ? {} : { filter };
  const head = await store.head();
  const newest: RecordedEvent[] = [];
  for await (const page of store.readAll({ direction: 'backward', maxCount: count, ...filtered })) {
    newest.push(...page);
  }
  yield* newest.reverse();
  if (follow === undefined) return;
  const last = newest.at(-1)?.position ?? 0n;
  const after = head === null ? last : head > last ? head : last;
  const resumed = after === 0n ? {} : { after };
  for await (const { events } of store.subscribeToAll({ ...resumed, ...filtered, signal: follow })) {
    yield* events;
  }
}

export type EventName = { readonly position: Position } | { readonly id: string } | StreamPlace;

/**
 * One event by its position in the log, by its id, or by its place in a stream; null where there is none. Where the store
 * has no index of ids, the log is searched from its newest event on.
 * @param onSearched events read in such a search
 */
export async function findEvent(
  store: EventStore,
  index: EventIndex,
  name: EventName,
  onSearched?: (events: bigint) => void,
): Promise<RecordedEvent | null> {
  if ('id' in name && index.placeOf === undefined) return searchId(store, name.id, onSearched);
  const place = await placeOf(index, name);
  if (place === null) return null;
  for await (const [event] of store.readStream(place.stream, { from: place.revision, maxCount: 1 })) {
    return event?.revision === place.revision ? event : null;
  }
  return null;
}

async function placeOf(index: EventIndex, name: EventName): Promise<StreamPlace | null> {
  if ('position' in name) return index.placeAt(name.position);
  if ('id' in name) return (await index.placeOf?.(name.id)) ?? null;
  return name;
}

async function searchId(
  store: EventStore,
  id: string,
  onSearched?: (events: bigint) => void,
): Promise<RecordedEvent | null> {
  let searched = 0n;
  for await (const page of store.readAll({ direction: 'backward' })) {
    const found = page.find((event) => event.id === id);
    if (found !== undefined) return found;
    searched += BigInt(page.length);
    onSearched?.(searched);
  }
  return null;
}

export interface LogStatistics {
  readonly events: bigint;
  readonly streams: number;
  readonly head: Position | null;
  readonly first: string | null;
  readonly last: string | null;
  /** Of all events in order; equal for a log and its copy. */
  readonly checksum: string;
  /** Events by type, and by what comes before the first dash of their stream's name; most frequent first. */
  readonly byType: ReadonlyMap<string, number>;
  readonly byCategory: ReadonlyMap<string, number>;
}

/** Reads the whole log once. */
export async function measureLog(
  store: EventStore,
  onProgress?: (events: bigint) => void,
): Promise<LogStatistics> {
  const checksum = new EventChecksum();
  const [byType, byCategory] = [new Map<string, number>(), new Map<string, number>()];
  let streams = 0;
  let first: RecordedEvent | null = null;
  let last: RecordedEvent | null = null;
  for await (const page of store.readAll()) {
    for (const event of page) {
      checksum.add(event);
      count(byType, event.type);
      count(byCategory, event.stream.split('-', 1)[0] ?? event.stream);
      if (event.revision === 0n) streams += 1;
      first ??= event;
      last = event;
    }
    onProgress?.(checksum.count);
  }
  return {
    events: checksum.count,
    streams,
    head: last?.position ?? null,
    first: first?.recordedAt ?? null,
    last: last?.recordedAt ?? null,
    checksum: checksum.hex(),
    byType: mostFrequentFirst(byType),
    byCategory: mostFrequentFirst(byCategory),
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function mostFrequentFirst(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}
