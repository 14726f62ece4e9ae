import { applyMigrations } from '@abland/postgres';
import type { Pool } from 'pg';
import { createLog } from './migrations/0001-create-log.js';
import { createSnapshots } from './migrations/0002-create-snapshots.js';
import { dropSnapshots } from './migrations/0003-drop-snapshots.js';
import { appendAhead } from './migrations/0004-append-ahead.js';
import { indexRuns } from './migrations/0005-index-runs.js';

/** Creates or updates the schema `event_store`; safe to call at every start, from several processes at once. */
export async function migrateEventStore(pool: Pool): Promise<void> {
  await applyMigrations(pool, 'event_store', [
    createLog,
    createSnapshots,
    dropSnapshots,
    appendAhead,
    indexRuns,
  ]);
}
