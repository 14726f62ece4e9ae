import { applyMigrations, migrateLeases } from '@abland/postgres';
import type pg from 'pg';
import { createProcesses } from './0001-create-processes.js';

/** Brings the schemas `processes` and `leases` to what this version needs; safe to call from several starts at once. */
export async function migrateProcesses(pool: pg.Pool): Promise<void> {
  await migrateLeases(pool);
  await applyMigrations(pool, 'processes', [createProcesses]);
}
