import type {
  AggregateLog,
  AppendResult,
  EventBatch,
  EventStore,
  ExpectedRevision,
  Logger,
  NewEvent,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  SubscribeOptions,
} from '@abland/kernel';
import type { Pool } from 'pg';
import { migrateSnapshots, PostgresSnapshotStore } from './postgres-snapshot-store.js';
import { SnapshotLoader } from './snapshot-loader.js';

/** The log as it is, with snapshots for the aggregates whose streams have no end. */
export class SnapshottedEventStore implements AggregateLog {
  constructor(
    private readonly store: EventStore,
    readonly aggregates: SnapshotLoader,
  ) {}

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    return this.store.append(stream, events, expected);
  }

  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]> {
    return this.store.readStream(stream, options);
  }

  readAll(options?: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]> {
    return this.store.readAll(options);
  }

  subscribeToAll(options: SubscribeOptions): AsyncIterable<EventBatch> {
    return this.store.subscribeToAll(options);
  }

  head(): Promise<Position | null> {
    return this.store.head();
  }

  /** The pool of the snapshots stays its owner's. */
  async close(): Promise<void> {
    await this.aggregates.close();
    await this.store.close();
  }
}

/**
 * @param pool of the database that snapshots are kept in, whichever store the log is in
 * @param isPersonal whether events of a type are about a person: states that have seen one are not kept
 */
export async function withSnapshots(
  store: EventStore,
  pool: Pool,
  logger: Logger,
  isPersonal: (type: string) => boolean,
): Promise<SnapshottedEventStore> {
  await migrateSnapshots(pool);
  const snapshots = new PostgresSnapshotStore(pool);
  return new SnapshottedEventStore(store, new SnapshotLoader({ store, snapshots, logger, isPersonal }));
}
