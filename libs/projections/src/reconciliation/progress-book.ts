import type { Json } from '@abland/kernel';
import { applyMigrations, isMissingTable, type Migration, toldAge } from '@abland/postgres';
import type { Pool } from 'pg';

const createProgress: Migration = {
  name: '0001-create-progress',
  sql: `
    -- How far the comparing of each chain is: it goes on from there. Lost, it begins anew.
    CREATE TABLE reconciliation.progress (
      chain_id bigint PRIMARY KEY,
      progress jsonb NOT NULL,
      written_at timestamptz NOT NULL
    );
  `,
};

export const RECONCILIATION_MIGRATIONS: readonly Migration[] = [createProgress];

/** Brings the schema `reconciliation` to what this version needs; safe to call from several starts at once. */
export async function migrateReconciliation(pool: Pool): Promise<void> {
  await applyMigrations(pool, 'reconciliation', RECONCILIATION_MIGRATIONS);
}

export interface WrittenProgress {
  readonly progress: Json;
  /** Since it was written, by the database's clock. */
  readonly ageMs: number;
}

/** How far the comparing of a chain is, as its indexer last wrote it; null where it never did. */
export async function reconciliationProgress(pool: Pool, chainId: number): Promise<WrittenProgress | null> {
  try {
    const { rows } = await pool.query<{ progress: Json; age: number }>(
      `SELECT progress, ${toldAge('written_at')} AS age
       FROM reconciliation.progress WHERE chain_id = $1`,
      [chainId],
    );
    const [row] = rows;
    return row === undefined ? null : { progress: row.progress, ageMs: row.age };
  } catch (error) {
    if (isMissingTable(error)) return null;
    throw error;
  }
}

export async function writeReconciliationProgress(
  pool: Pool,
  chainId: number,
  progress: Json,
): Promise<void> {
  await pool.query(
    `INSERT INTO reconciliation.progress (chain_id, progress, written_at) VALUES ($1, $2, clock_timestamp())
     ON CONFLICT (chain_id) DO UPDATE SET progress = EXCLUDED.progress, written_at = EXCLUDED.written_at`,
    [chainId, JSON.stringify(progress)],
  );
}
