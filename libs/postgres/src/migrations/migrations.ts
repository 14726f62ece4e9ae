import pg from 'pg';
import { withClient } from '../connections/checked-out-client.js';

/** A released migration never changes; a change is a new one. */
export interface Migration {
  /** Sorts in the order of application and never changes: `0001-create-events`. */
  readonly name: string;
  readonly sql: string;
}

/** One advisory lock for all schemas: starts of several processes migrate one after the other. */
const MIGRATION_LOCK = 0x61626c64;

/** Creates the schema where missing and applies what it lacks, each migration in its own transaction. */
export async function applyMigrations(
  pool: pg.Pool,
  schema: string,
  migrations: readonly Migration[],
): Promise<void> {
  const name = pg.escapeIdentifier(schema);
  await withClient(pool, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${name}`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${name}.migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const applied = await client.query<{ name: string }>(`SELECT name FROM ${name}.migrations`);
    const known = new Set(applied.rows.map((row) => row.name));
    for (const migration of migrations) {
      if (!known.has(migration.name)) await apply(client, name, migration);
    }
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  });
}

async function apply(client: pg.PoolClient, schema: string, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  await client.query(migration.sql);
  await client.query(`INSERT INTO ${schema}.migrations (name) VALUES ($1)`, [migration.name]);
  await client.query('COMMIT');
}
