import { applyMigrations } from '@abland/postgres';
import type pg from 'pg';
import { createSignInNonces } from './0001-create-sign-in-nonces.js';
import { createContents } from './0002-create-contents.js';

/** The API's own tables; safe to call at every start of every process. */
export async function migrateApi(pool: pg.Pool): Promise<void> {
  await applyMigrations(pool, 'api', [createSignInNonces, createContents]);
}
