import {
  type AppendResult,
  type EventBatch,
  type EventStore,
  EventStoreUnavailableError,
  type ExpectedRevision,
  type Logger,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type SubscribeOptions,
} from '@abland/kernel';
import { connectionConfigOf, isConnectionLoss, PostgresListener } from '@abland/postgres';
import pg from 'pg';
import { validateAppend } from '../append/append-validation.js';
import { EventReader } from './event-reader.js';
import { GroupAppender } from './group-appender.js';
import { migrateEventStore } from './migrate.js';
import { prefetched } from './prefetch.js';
import { Subscription } from './subscription.js';

const PAGE_SIZE = 2_000;
const REVISION_MAX = 2n ** 63n - 1n;

export interface PostgresEventStoreOptions {
  /** For reading. Appends and notifications have a connection each of their own, to the same database. */
  readonly pool: pg.Pool;
  readonly logger: Logger;
}

/** The log in PostgreSQL; `migrateEventStore` must have been called. */
export class PostgresEventStore implements EventStore {
  private readonly reader: EventReader;
  private readonly appender: GroupAppender;
  private readonly listener: PostgresListener;
  private readonly closing = new AbortController();

  constructor(private readonly options: PostgresEventStoreOptions) {
    const { pool, logger } = options;
    const config = connectionConfigOf(pool);
    this.reader = new EventReader(pool);
    this.appender = new GroupAppender(config, logger);
    this.listener = new PostgresListener(config, 'event_store', logger);
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult> {
    validateAppend(stream, events);
    return this.appender.append({ stream, events, expected });
  }

  async *readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    const { direction = 'forward', maxCount = Infinity } = options;
    const step = direction === 'forward' ? 1n : -1n;
    let left = maxCount;
    yield* prefetched<readonly RecordedEvent[]>((previous) => {
      if (previous !== null) left -= previous.length;
      const last = previous?.at(-1)?.revision;
      const ended = previous !== null && (previous.length < PAGE_SIZE || (step < 0n && last === 0n));
      if (left <= 0 || ended) return null;
      const from = last === undefined ? (options.from ?? (step > 0n ? 0n : REVISION_MAX)) : last + step;
      return this.reader
        .streamPage(stream, direction, from, Math.min(PAGE_SIZE, left))
        .then((events) => (events.length === 0 ? null : events));
    });
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<readonly RecordedEvent[]> {
    const { direction = 'forward', maxCount = Infinity, pageSize = PAGE_SIZE, filter } = options;
    const head = await this.reader.head();
    const range = rangeOf(options, head);
    const ended = (at: Position): boolean => (direction === 'forward' ? at >= range.to : at <= range.to);
    let left = maxCount;
    const scans = prefetched<{ events: readonly RecordedEvent[]; scannedTo: Position }>((previous) => {
      left -= previous?.events.length ?? 0;
      const from = previous?.scannedTo ?? range.from;
      if (left <= 0 || range.empty || (previous !== null && ended(from))) return null;
      return this.reader.scan({ direction, from, to: range.to, filter, limit: Math.min(pageSize, left) });
    });
    for await (const { events } of scans) {
      if (events.length > 0) yield events;
    }
  }

  subscribeToAll(options: SubscribeOptions): AsyncIterable<EventBatch> {
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    return new Subscription(
      this.reader,
      this.listener,
      { ...options, signal },
      this.options.logger,
    ).batches();
  }

  async head(): Promise<Position | null> {
    const head = await this.reader.head();
    return head === 0n ? null : head;
  }

  /** Stores what is being appended, ends subscriptions; the pool stays its owner's. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([this.appender.close(), this.listener.close()]);
  }
}

/**
 * A store with its own pool, its schema brought up to date.
 * @throws EventStoreUnavailableError where the database cannot be reached.
 */
export async function openPostgresEventStore(options: {
  readonly connectionString: string;
  readonly logger: Logger;
  /** Connections for reading; appends and notifications take one more each. */
  readonly readersMax?: number;
}): Promise<EventStore> {
  const pool = new pg.Pool({ connectionString: options.connectionString, max: options.readersMax ?? 5 });
  pool.on('error', (error) => options.logger.warn({ err: error }, 'idle reading connection lost'));
  try {
    await migrateEventStore(pool);
  } catch (error) {
    await pool.end();
    if (!isConnectionLoss(error)) throw error;
    throw new EventStoreUnavailableError('The event store cannot be reached', {}, error);
  }
  const store = new PostgresEventStore({ pool, logger: options.logger });
  const closeStore = store.close.bind(store);
  return Object.assign(store, {
    close: async () => {
      await closeStore();
      if (!pool.ended) await pool.end();
    },
  });
}

function rangeOf(
  { direction = 'forward', after, until }: ReadAllOptions,
  head: Position,
): { from: Position; to: Position; empty: boolean } {
  if (direction === 'forward') {
    const from = after ?? 0n;
    const to = until === undefined || until > head ? head : until;
    return { from, to, empty: from >= to };
  }
  const from = after === undefined || after > head ? head + 1n : after;
  const to = until === undefined || until < 1n ? 1n : until;
  return { from, to, empty: from <= to };
}
