import { applyMigrations, type Migration } from '@abland/postgres';
import type { Pool } from 'pg';
import { createLog } from './migrations/0001-create-log.js';
import { knowTheLog } from './migrations/0002-know-the-log.js';
import { lookEachIdUp } from './migrations/0003-look-each-id-up.js';

export const EVENT_STORE_MIGRATIONS: readonly Migration[] = [createLog, knowTheLog, lookEachIdUp];

/** Creates or updates the schema `event_store`; safe to call at every start, from several processes at once. */
export async function migrateEventStore(pool: Pool): Promise<void> {
  await applyMigrations(pool, 'event_store', EVENT_STORE_MIGRATIONS);
}
