import { applyMigrations, migrateLeases } from '@abland/postgres';
import type pg from 'pg';
import { createEngine } from './0001-create-engine.js';
import { createSettlement } from './0002-create-settlement.js';
import { createRelays } from './0003-create-relays.js';

/** Brings the schemas `processes` and `leases` to what this version needs; safe to call from several starts at once. */
export async function migrateProcesses(pool: pg.Pool): Promise<void> {
  await migrateLeases(pool);
  await applyMigrations(pool, 'processes', [createEngine, createSettlement, createRelays]);
}
