import { randomBytes } from 'node:crypto';
import { applyMigrations, type Migration } from '@abland/postgres';
import type { Pool } from 'pg';
import { KEY_BYTES, type KeyStore } from './key-store.js';
import { PersonalDataErasedError } from './personal-data-errors.js';

const createKeys: Migration = {
  name: '0001-create-keys',
  sql: `CREATE TABLE personal_data.keys (
    subject text COLLATE "C" PRIMARY KEY,
    -- Null once erased: the row stays, so that no second key is made for the same person.
    key bytea,
    made_at timestamptz NOT NULL DEFAULT now(),
    erased_at timestamptz,
    CHECK ((key IS NULL) = (erased_at IS NOT NULL))
  )`,
};

/** Creates or updates the schema `personal_data`, which is backed up apart from the log: an erased key must leave its backups too. */
export async function migratePersonalData(pool: Pool): Promise<void> {
  await applyMigrations(pool, 'personal_data', [createKeys]);
}

/** Keys in PostgreSQL; `migratePersonalData` must have been called. */
export class PostgresKeyStore implements KeyStore {
  constructor(private readonly pool: Pool) {}

  async obtain(subject: string): Promise<Buffer> {
    await this.pool.query(
      'INSERT INTO personal_data.keys (subject, key) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [subject, randomBytes(KEY_BYTES)],
    );
    const key = await this.find(subject);
    if (key === null) throw new PersonalDataErasedError('The key of this person was erased', { subject });
    return key;
  }

  async find(subject: string): Promise<Buffer | null> {
    const { rows } = await this.pool.query<{ key: Buffer | null }>(
      'SELECT key FROM personal_data.keys WHERE subject = $1',
      [subject],
    );
    return rows[0]?.key ?? null;
  }

  async erase(subject: string): Promise<void> {
    await this.pool.query(
      `INSERT INTO personal_data.keys (subject, key, erased_at) VALUES ($1, NULL, now())
       ON CONFLICT (subject) DO UPDATE SET key = NULL, erased_at = coalesce(keys.erased_at, now())`,
      [subject],
    );
  }
}
