import type { Json } from '@abland/kernel';
import type { Pool } from 'pg';
import type { Snapshot, SnapshotStore } from './snapshot-store.js';

interface Row {
  readonly code_version: string;
  readonly revision: string;
  readonly event_id: string;
  readonly state: string;
}

/** Snapshots beside the log; `migrateEventStore` makes their table. */
export class PostgresSnapshotStore implements SnapshotStore {
  constructor(private readonly pool: Pool) {}

  async load(stream: string): Promise<Snapshot | null> {
    const { rows } = await this.pool.query<Row>(
      'SELECT code_version, revision, event_id, state FROM event_store.snapshots WHERE stream = $1',
      [stream],
    );
    const [row] = rows;
    if (row === undefined) return null;
    const state = JSON.parse(row.state) as Json;
    return {
      stream,
      codeVersion: row.code_version,
      revision: BigInt(row.revision),
      eventId: row.event_id,
      state,
    };
  }

  async save({ stream, codeVersion, revision, eventId, state }: Snapshot): Promise<void> {
    await this.pool.query(
      `INSERT INTO event_store.snapshots (stream, code_version, revision, event_id, state) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (stream) DO UPDATE SET code_version = excluded.code_version, revision = excluded.revision,
         event_id = excluded.event_id, state = excluded.state, made_at = now()`,
      [stream, codeVersion, revision, eventId, JSON.stringify(state)],
    );
  }
}
