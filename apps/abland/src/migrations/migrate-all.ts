import { retrying, silentLogger } from '@abland/kernel';
import type { MigrationConfig } from '@abland/platform';
import { applyMigrations, inspectDatabase, openPool } from '@abland/postgres';
import type pg from 'pg';
import { ALL_MIGRATIONS } from './all-migrations.js';

export interface MigrateOptions {
  /** Milliseconds after which what may pass is waited for no longer. */
  readonly totalMsMax: number;
  /** Told of what is waited for, once for each reason. */
  readonly onWait: (error: unknown) => void;
}

const KEYS = 'personal_keys';
const LOG = 'event_store';
/** One at a time, and none that starts wait for. */
const CONNECTIONS_MAX = 2;

/**
 * Every schema, in the order of their names; safe beside programs that start. Where the log lies in EventStoreDB it has none.
 * @returns `<schema>/<name>` of what was applied, in its order
 * @throws DatabaseUnfitError, DatabaseVersionError; and what did not pass in time
 */
export async function migrateAll(
  { databaseUrl, isLogInDatabase, personalKeysUrl }: MigrationConfig,
  { onWait, totalMsMax }: MigrateOptions,
): Promise<readonly string[]> {
  const schemas = Object.keys(ALL_MIGRATIONS).filter((schema) => schema !== LOG || isLogInDatabase);
  let told = '';
  const onRetry = ({ error }: { readonly error: unknown }): void => {
    if (told !== String(error)) onWait(error);
    told = String(error);
  };
  const applied: string[] = [];
  for (const [url, variable, wanted] of [
    [databaseUrl, 'DATABASE_URL', schemas.filter((schema) => schema !== KEYS)],
    [personalKeysUrl, 'PERSONAL_KEYS_URL', [KEYS]],
  ] as const) {
    const migrate = async (): Promise<void> => {
      await inspectDatabase(url, variable);
      applied.push(...(await migrateSchemas(url, wanted)));
    };
    await retrying(migrate, { totalMsMax, pauseMs: { min: 250, max: 5_000 }, onRetry });
  }
  return applied;
}

async function migrateSchemas(
  connectionString: string,
  schemas: readonly string[],
): Promise<readonly string[]> {
  const pool = openPool({ connectionString, name: 'migrate', max: CONNECTIONS_MAX, logger: silentLogger });
  try {
    const applied: string[] = [];
    for (const schema of schemas) {
      const before = await appliedNames(pool, schema);
      await applyMigrations(pool, schema, ALL_MIGRATIONS[schema] ?? []);
      const after = await appliedNames(pool, schema);
      applied.push(...after.filter((name) => !before.includes(name)).map((name) => `${schema}/${name}`));
    }
    return applied;
  } finally {
    await pool.end();
  }
}

/** None where the schema is not there yet. */
async function appliedNames(pool: pg.Pool, schema: string): Promise<readonly string[]> {
  const { rows: found } = await pool.query<{ there: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [`${schema}.migrations`],
  );
  if (found[0]?.there !== true) return [];
  const { rows } = await pool.query<{ name: string }>(
    `SELECT name FROM ${schema}.migrations ORDER BY name COLLATE "C"`,
  );
  return rows.map(({ name }) => name);
}
