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
import { connectionConfigOf, isPassingFailure, poolAt, PostgresListener } from '@abland/postgres';
import type pg from 'pg';
import { validateAppend } from '../append/append-validation.js';
import { readAllPages, readStreamPages } from '../reading/pages.js';
import { KnownLog } from '../reading/known-log.js';
import { Subscription } from '../reading/subscription.js';
import { EventReader } from './read/event-reader.js';
import { GroupAppender } from './append/group-appender.js';
import { BorrowedLane, type Lane, OwnLane } from './append/lane.js';
import { migrateEventStore } from './migrate.js';

export interface PostgresEventStoreOptions {
  /** For reading. Notifications, and appends where it is not said otherwise, have connections of their own, to the same database. */
  readonly pool: pg.Pool;
  readonly logger: Logger;
  /** From so many events on, a group of appends is written ahead of the log's lock. Default: what was measured to pay. */
  readonly largeGroup?: number | undefined;
  /** Connections for appends. Default: two, of which the second is for large groups of them. */
  readonly appendersMax?: number | undefined;
  /** Whether appends take a connection of the pool each time, for who seldom appends. Default: no. */
  readonly appendsByPool?: boolean | undefined;
  /** How late a subscriber is at most with an event whose notification was lost. Default: a second. */
  readonly pollIntervalMs?: number | undefined;
}

const APPENDERS_MAX = 2;

function lanesOf({ appendersMax, appendsByPool, logger, pool }: PostgresEventStoreOptions): readonly Lane[] {
  if (appendsByPool === true) return [new BorrowedLane(pool)];
  return Array.from({ length: appendersMax ?? APPENDERS_MAX }, () => new OwnLane(pool, logger));
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
    const known = new KnownLog();
    this.reader = new EventReader(pool, known);
    this.appender = new GroupAppender(lanesOf(options), logger, known, options.largeGroup);
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

  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]> {
    return readStreamPages(this.reader, stream, options);
  }

  readAll(options?: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]> {
    return readAllPages(this.reader, options);
  }

  subscribeToAll(options: SubscribeOptions): AsyncIterable<EventBatch> {
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    return new Subscription(
      this.reader,
      // The position in a notification is a hint and no more: whoever may connect may send any.
      { listen: (callback) => this.listener.listen(() => callback(null)) },
      { ...options, signal },
      this.options.logger,
      this.options.pollIntervalMs,
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

/** As in PostgresEventStoreOptions, but for the pool. */
export interface OpenPostgresEventStoreOptions extends Omit<PostgresEventStoreOptions, 'pool'> {
  readonly connectionString: string;
  /** For reading; absent: one of its own. Appends and notifications have other connections. */
  readonly pool?: pg.Pool | undefined;
  /** Connections of a pool of its own. */
  readonly readersMax?: number | undefined;
}

/**
 * A store with its schema brought up to date.
 * @throws EventStoreUnavailableError where the database cannot be reached.
 */
export async function openPostgresEventStore(options: OpenPostgresEventStoreOptions): Promise<EventStore> {
  const { logger, readersMax = 5 } = options;
  const { pool, close: closePool } = poolAt(options, { logger, name: 'log', max: readersMax });
  const store = new PostgresEventStore({ ...options, pool });
  try {
    await migrateEventStore(pool);
    await store.head(); // what this program knows its log by, from here on
  } catch (error) {
    await store.close();
    await closePool();
    if (!isPassingFailure(error)) throw error;
    throw new EventStoreUnavailableError('The event store cannot be reached', {}, error);
  }
  const closeStore = store.close.bind(store);
  return Object.assign(store, {
    close: async () => {
      await closeStore();
      await closePool();
    },
  });
}
