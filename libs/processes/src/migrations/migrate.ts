import { applyMigrations, migrateLeases, type Migration } from '@abland/postgres';
import type pg from 'pg';
import { createProcesses } from './0001-create-processes.js';
import { knowRelayers } from './0002-know-relayers.js';
import { knowSkipped } from './0003-know-skipped.js';
import { keepStacks } from './0004-keep-stacks.js';

export const PROCESSES_MIGRATIONS: readonly Migration[] = [
  createProcesses,
  knowRelayers,
  knowSkipped,
  keepStacks,
];

/** Brings the schemas `processes` and `leases` to what this version needs; safe to call from several starts at once. */
export async function migrateProcesses(pool: pg.Pool): Promise<void> {
  await migrateLeases(pool);
  await applyMigrations(pool, 'processes', PROCESSES_MIGRATIONS);
}
