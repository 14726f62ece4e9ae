import type { AggregateLog, EventStore, Logger } from '@abland/kernel';
import type { Pool } from 'pg';
import { migrateSnapshots, PostgresSnapshotStore } from './postgres-snapshot-store.js';
import { SnapshotLoader } from './snapshot-loader.js';

/** A log that loads the aggregates whose streams have no end from snapshots. */
export interface LogWithSnapshots extends AggregateLog {
  readonly aggregates: SnapshotLoader;
}

export interface SnapshotOptions {
  /** Of the database that snapshots are kept in, whichever store the log is in; it stays its owner's. */
  readonly pool: Pool;
  readonly logger: Logger;
  /** The same log without keys of persons: states are folded of it. Absent: the log has none itself. */
  readonly sealed?: EventStore;
}

/** The log itself, which from now on has snapshots. They are closed by themselves, before it and before the pool. */
export async function withSnapshots(
  store: EventStore,
  { pool, logger, sealed = store }: SnapshotOptions,
): Promise<LogWithSnapshots> {
  await migrateSnapshots(pool);
  const snapshots = new PostgresSnapshotStore(pool);
  return Object.assign(store, { aggregates: new SnapshotLoader({ store: sealed, snapshots, logger }) });
}
