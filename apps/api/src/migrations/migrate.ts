import { applyMigrations, type Migration } from '@abland/postgres';
import type pg from 'pg';
import { createApi } from './0001-create-api.js';
import { knowTurns } from './0002-know-turns.js';
import { noteKeyUses } from './0003-note-key-uses.js';

export const API_MIGRATIONS: readonly Migration[] = [createApi, knowTurns, noteKeyUses];

/** The API's own tables; safe to call at every start of every process. */
export async function migrateApi(pool: pg.Pool): Promise<void> {
  await applyMigrations(pool, 'api', API_MIGRATIONS);
}
