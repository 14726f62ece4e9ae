import {
  type AppendResult,
  type Clock,
  type EventBatch,
  type EventFilter,
  type EventStore,
  type ExpectedRevision,
  LogMismatchError,
  matchesFilter,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type SubscribeOptions,
  Wakeup,
} from '@abland/kernel';
import { decideAppend, type StoredEvent } from '../append/append-decision.js';
import { validateAppend } from '../append/append-validation.js';

const PAGE_SIZE = 1_000;
const BATCH_SIZE = 500;
/** Nobody else writes to this log, every append wakes its subscribers: so often they are told that nothing came. */
const IDLE_MS = 1_000;

interface Stream {
  readonly events: RecordedEvent[];
  readonly stored: Map<string, StoredEvent>;
}

/** The log in memory, for unit tests: the same laws, no durability. */
export class MemoryEventStore implements EventStore {
  private readonly log: RecordedEvent[] = [];
  private readonly streams = new Map<string, Stream>();
  private readonly wakeups = new Set<Wakeup>();
  private closed = false;

  constructor(private readonly clock: Clock = Date.now) {}

  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult> {
    validateAppend(stream, events);
    const known = this.streams.get(stream) ?? { events: [], stored: new Map<string, StoredEvent>() };
    const decision = decideAppend(
      { stream, events, expected },
      { revision: known.events.at(-1)?.revision ?? null, storedAt: (id) => known.stored.get(id) },
    );
    if (decision.kind === 'refused') throw decision.error;
    if (decision.kind === 'stored-before') return decision.result;
    this.streams.set(stream, known);
    const recordedAt = new Date(this.clock()).toISOString();
    for (const event of events.slice(decision.firstNew)) this.store(known, stream, event, recordedAt);
    for (const wakeup of this.wakeups) wakeup.wake();
    return {
      revision: BigInt(known.events.length - 1),
      position: BigInt(this.log.length),
      duplicate: false,
    };
  }

  async *readStream(
    stream: string,
    { direction = 'forward', from, maxCount = Infinity }: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    const events = this.streams.get(stream)?.events ?? [];
    const selected =
      direction === 'forward'
        ? events.filter(({ revision }) => from === undefined || revision >= from)
        : events.filter(({ revision }) => from === undefined || revision <= from).reverse();
    yield* pagesOf(selected, PAGE_SIZE, maxCount);
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<readonly RecordedEvent[]> {
    const {
      direction = 'forward',
      after,
      until,
      filter,
      maxCount = Infinity,
      pageSize = PAGE_SIZE,
    } = options;
    const within =
      direction === 'forward'
        ? ({ position }: RecordedEvent) =>
            (after === undefined || position > after) && (until === undefined || position <= until)
        : ({ position }: RecordedEvent) =>
            (after === undefined || position < after) && (until === undefined || position >= until);
    const selected = this.log.filter((event) => within(event) && matchesFilter(event, filter));
    yield* pagesOf(direction === 'forward' ? selected : selected.reverse(), pageSize, maxCount);
  }

  async *subscribeToAll(options: SubscribeOptions): AsyncGenerator<EventBatch> {
    const { after = 0n, filter, batchSize = BATCH_SIZE, signal } = options;
    if (after > BigInt(this.log.length))
      throw new LogMismatchError('The log ends before the checkpoint', { after });
    const wakeup = new Wakeup();
    this.wakeups.add(wakeup);
    try {
      let scannedTo = after;
      let announcedLive = false;
      while (!signal.aborted && !this.closed) {
        const batch = this.batchAfter(scannedTo, filter, batchSize);
        options.onLook?.();
        if (batch.scannedTo > scannedTo || !announcedLive) {
          scannedTo = batch.scannedTo;
          announcedLive = batch.live;
          yield batch;
        } else {
          await wakeup.wait(IDLE_MS, signal);
        }
      }
    } finally {
      this.wakeups.delete(wakeup);
    }
  }

  async head(): Promise<Position | null> {
    return this.log.at(-1)?.position ?? null;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const wakeup of this.wakeups) wakeup.wake();
  }

  private store(to: Stream, stream: string, event: NewEvent, recordedAt: string): void {
    const place = { revision: BigInt(to.events.length), position: BigInt(this.log.length + 1) };
    const recorded: RecordedEvent = { ...structuredClone(event), stream, ...place, recordedAt };
    to.events.push(recorded);
    to.stored.set(event.id, place);
    this.log.push(recorded);
  }

  private batchAfter(after: Position, filter: EventFilter | undefined, batchSize: number): EventBatch {
    const events: RecordedEvent[] = [];
    let scannedTo = after;
    for (let index = Number(after); index < this.log.length && events.length < batchSize; index += 1) {
      const event = this.log[index] as RecordedEvent;
      scannedTo = event.position;
      if (matchesFilter(event, filter)) events.push(event);
    }
    return { events, scannedTo, live: scannedTo === BigInt(this.log.length) };
  }
}

function* pagesOf(
  events: readonly RecordedEvent[],
  pageSize: number,
  maxCount: number,
): Generator<readonly RecordedEvent[]> {
  const end = Math.min(events.length, maxCount);
  for (let start = 0; start < end; start += pageSize) {
    yield events.slice(start, Math.min(start + pageSize, end));
  }
}
