import type { Json } from '@abland/kernel';
import { applyMigrations, type Migration } from '@abland/postgres';
import type { Pool } from 'pg';
import { SnapshotDamagedError } from './errors.js';
import { checksumOf, type Snapshot, type SnapshotStore } from './snapshot-store.js';

const createAggregates: Migration = {
  name: '0001-create-aggregates',
  sql: `CREATE TABLE snapshots.aggregates (
    stream text COLLATE "C" PRIMARY KEY,
    state_version integer NOT NULL,
    revision bigint NOT NULL,
    event_id uuid NOT NULL,
    position numeric(20) NOT NULL,
    recorded_at text NOT NULL,
    state text COLLATE "C" NOT NULL,
    event_ids bytea NOT NULL,
    checksum text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
  );
  -- Random bits do not compress.
  ALTER TABLE snapshots.aggregates ALTER COLUMN event_ids SET STORAGE EXTERNAL`,
};

export const SNAPSHOTS_MIGRATIONS: readonly Migration[] = [createAggregates];

/** Creates or updates the schema `snapshots`. All of it may be deleted at any time. */
export async function migrateSnapshots(pool: Pool): Promise<void> {
  await applyMigrations(pool, 'snapshots', SNAPSHOTS_MIGRATIONS);
}

interface Row {
  readonly state_version: number;
  readonly revision: string;
  readonly event_id: string;
  readonly position: string;
  readonly recorded_at: string;
  readonly state: string;
  readonly event_ids: Buffer;
  readonly checksum: string;
}

/** Snapshots in PostgreSQL, whichever store the log is in; `migrateSnapshots` must have been called. */
export class PostgresSnapshotStore implements SnapshotStore {
  constructor(private readonly pool: Pool) {}

  async load(stream: string): Promise<Snapshot | null> {
    const { rows } = await this.pool.query<Row>({
      name: 'snapshots_load',
      text: `SELECT state_version, revision, event_id, position, recorded_at, state, event_ids, checksum
        FROM snapshots.aggregates WHERE stream = $1`,
      values: [stream],
    });
    const [row] = rows;
    if (row === undefined) return null;
    const place = {
      stream,
      stateVersion: row.state_version,
      revision: BigInt(row.revision),
      eventId: row.event_id,
      position: BigInt(row.position),
      recordedAt: row.recorded_at,
      eventIds: new Uint8Array(row.event_ids),
    };
    if (checksumOf(place, row.state) !== row.checksum) {
      throw new SnapshotDamagedError('A snapshot is not as it was saved', { stream });
    }
    return { ...place, state: JSON.parse(row.state) as Json };
  }

  async save(snapshot: Snapshot): Promise<void> {
    const { stream, stateVersion, revision, eventId, position, recordedAt, eventIds } = snapshot;
    const state = JSON.stringify(snapshot.state);
    await this.pool.query(
      `INSERT INTO snapshots.aggregates AS kept
         (stream, state_version, revision, event_id, position, recorded_at, state, event_ids, checksum)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (stream) DO UPDATE SET state_version = excluded.state_version, revision = excluded.revision,
         event_id = excluded.event_id, position = excluded.position, recorded_at = excluded.recorded_at,
         state = excluded.state, event_ids = excluded.event_ids, checksum = excluded.checksum, made_at = now()`,
      [
        stream,
        stateVersion,
        revision,
        eventId,
        position,
        recordedAt,
        state,
        Buffer.from(eventIds),
        checksumOf(snapshot, state),
      ],
    );
  }
}
