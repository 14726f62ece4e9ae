import { randomBytes } from 'node:crypto';
import { applyMigrations, inTransaction, isPassingFailure, type Migration } from '@abland/postgres';
import type { Pool, QueryResult, QueryResultRow } from 'pg';
import { KEY_BYTES, keyDestroyed, type KeyEraser, type KeyStore } from './key-store.js';
import type { MasterKeys } from './master-keys.js';
import { MasterKeyUnknownError, PersonalKeysUnavailableError } from './errors.js';

const createKeys: Migration = {
  name: '0001-create-keys',
  sql: `CREATE TABLE personal_keys.keys (
    subject text COLLATE "C" PRIMARY KEY,
    -- Null once destroyed: the row stays, so that no second key is made for the same subject.
    wrapped_key bytea,
    -- Which master key it is wrapped with.
    master_key_id text,
    made_at timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL)),
    CHECK ((wrapped_key IS NULL) = (master_key_id IS NULL))
  );
  CREATE INDEX keys_by_master_key ON personal_keys.keys (master_key_id) WHERE master_key_id IS NOT NULL`,
};

export const PERSONAL_KEYS_MIGRATIONS: readonly Migration[] = [createKeys];

/** Creates or updates the schema `personal_keys`, which is backed up apart from the log: a destroyed key must leave its backups too. */
export async function migratePersonalKeys(pool: Pool): Promise<void> {
  await applyMigrations(pool, 'personal_keys', PERSONAL_KEYS_MIGRATIONS);
}

/** Destroys keys in PostgreSQL without being able to read any; `migratePersonalKeys` must have been called. */
export class PostgresKeyEraser implements KeyEraser {
  constructor(protected readonly pool: Pool) {}

  async erase(subject: string): Promise<void> {
    await this.query(
      `INSERT INTO personal_keys.keys (subject, destroyed_at) VALUES ($1, now())
       ON CONFLICT (subject) DO UPDATE
       SET wrapped_key = NULL, master_key_id = NULL, destroyed_at = coalesce(keys.destroyed_at, now())`,
      [subject],
    );
  }

  /** @throws PersonalKeysUnavailableError */
  protected async query<Row extends QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> {
    try {
      return await this.pool.query<Row>(sql, [...values]);
    } catch (error) {
      if (!isPassingFailure(error)) throw error;
      throw new PersonalKeysUnavailableError('The keys of persons are out of reach', {}, error);
    }
  }
}

interface KeyRow {
  readonly subject: string;
  readonly wrapped_key: Buffer | null;
  readonly master_key_id: string | null;
}

const REWRAP_ROWS = 500;

/** Keys in PostgreSQL, each wrapped with a master key that is not there; `migratePersonalKeys` must have been called. */
export class PostgresKeyStore extends PostgresKeyEraser implements KeyStore {
  constructor(
    pool: Pool,
    private readonly master: MasterKeys,
  ) {
    super(pool);
  }

  async obtain(subject: string): Promise<Buffer> {
    const known = await this.find(subject);
    if (known !== undefined) return this.unwrap(known);
    const { masterKeyId, wrapped } = this.master.wrap(subject, randomBytes(KEY_BYTES));
    await this.query(
      `INSERT INTO personal_keys.keys (subject, wrapped_key, master_key_id) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING`,
      [subject, wrapped, masterKeyId],
    );
    // Another process may have been first, with another key or with its destruction.
    const stored = await this.find(subject);
    if (stored === undefined) throw keyDestroyed(subject);
    return this.unwrap(stored);
  }

  async findAll(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const { rows } = await this.query<KeyRow>(
      `SELECT subject, wrapped_key, master_key_id FROM personal_keys.keys
       WHERE subject = ANY ($1) AND wrapped_key IS NOT NULL`,
      [subjects],
    );
    return new Map(rows.map((row) => [row.subject, this.unwrap(row)]));
  }

  /** @throws MasterKeyUnknownError where a key is stored that none of the master keys unwraps */
  async assertReadable(): Promise<void> {
    const { rows } = await this.query<{ master_key_id: string }>(
      `SELECT DISTINCT master_key_id FROM personal_keys.keys
       WHERE master_key_id IS NOT NULL AND master_key_id <> ALL ($1) ORDER BY master_key_id LIMIT 5`,
      [this.master.ids],
    );
    if (rows.length === 0) return;
    throw new MasterKeyUnknownError(
      rows.map((row) => row.master_key_id),
      this.master.ids,
    );
  }

  /**
   * Wraps every key with the current master key, some at a time; returns how many were wrapped with another one. After it
   * the older master keys, and with them the backups of keys made before, are of no use.
   */
  async rewrapAll(): Promise<number> {
    for (let total = 0; ;) {
      const rewrapped = await this.rewrapSome();
      if (rewrapped === 0) return total;
      total += rewrapped;
    }
  }

  private rewrapSome(): Promise<number> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<KeyRow>(
        `SELECT subject, wrapped_key, master_key_id FROM personal_keys.keys
         WHERE master_key_id IS NOT NULL AND master_key_id <> $1 ORDER BY subject LIMIT $2 FOR UPDATE`,
        [this.master.currentId, REWRAP_ROWS],
      );
      for (const row of rows) {
        const { masterKeyId, wrapped } = this.master.wrap(row.subject, this.unwrap(row));
        await client.query(
          'UPDATE personal_keys.keys SET wrapped_key = $2, master_key_id = $3 WHERE subject = $1',
          [row.subject, wrapped, masterKeyId],
        );
      }
      return rows.length;
    });
  }

  /** Undefined where no key was ever made or destroyed. */
  private async find(subject: string): Promise<KeyRow | undefined> {
    const { rows } = await this.query<KeyRow>(
      'SELECT subject, wrapped_key, master_key_id FROM personal_keys.keys WHERE subject = $1',
      [subject],
    );
    return rows[0];
  }

  private unwrap({ subject, wrapped_key: wrapped, master_key_id: masterKeyId }: KeyRow): Buffer {
    if (wrapped === null || masterKeyId === null) throw keyDestroyed(subject);
    return this.master.unwrap(subject, { masterKeyId, wrapped });
  }
}
