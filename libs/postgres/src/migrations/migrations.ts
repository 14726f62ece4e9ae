import { createHash } from 'node:crypto';
import { AblandError } from '@abland/kernel';
import pg from 'pg';
import { isLockTimeout } from '../connections/failure-classes.js';
import { inLongTransaction } from '../connections/long-work.js';

/** A released migration never changes, not even by a space; a change is a new one. */
export interface Migration {
  /** Sorts in the order of application and never changes: `0001-create-events`. */
  readonly name: string;
  readonly sql: string;
}

/** The schema in the database is not one that this program made or can bring up to date; nothing of it was changed. */
export class DatabaseVersionError extends AblandError {
  readonly code = 'DATABASE_OF_ANOTHER_VERSION';
}

/** Somebody uses a table that a migration changes, and nothing was changed: a start says so, and tries again after a pause. */
export class MigrationGivesWayError extends AblandError {
  readonly code = 'MIGRATION_GIVES_WAY';
  override readonly failureClass = 'LATER';
}

/** One advisory lock for all schemas, of a transaction and not of a session: starts migrate one after the other, through a pooler too. */
const MIGRATION_LOCK = 0x61626c64;
/**
 * Whoever comes to a table after a migration that waits for it waits behind it, readers too: it gives way before their own limits end
 * them. Above PostgreSQL's deadlock_timeout of a second, at which an autovacuum ends itself for who waits.
 */
const GIVES_WAY_AFTER_MS = 2_000;

/**
 * Creates the schema where missing and applies what it lacks, all of it or nothing. What was applied is known by the hash of its
 * SQL and must be the beginning of what this program has.
 * @throws DatabaseVersionError; MigrationGivesWayError where it would keep others waiting
 */
export async function applyMigrations(
  pool: pg.Pool,
  schema: string,
  migrations: readonly Migration[],
): Promise<void> {
  const name = pg.escapeIdentifier(schema);
  if (await areApplied(pool, schema, migrations)) return;
  await inLongTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(`SET LOCAL lock_timeout = ${GIVES_WAY_AFTER_MS}`);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${name}`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${name}.migrations
         (name text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const applied = await readApplied(client, name);
    requireBeginning(schema, applied, migrations);
    for (const migration of migrations.slice(applied.length)) await apply(client, schema, migration);
  });
}

/** As most starts find it: asked without the lock, for what is applied stays so. @throws DatabaseVersionError */
async function areApplied(pool: pg.Pool, schema: string, migrations: readonly Migration[]): Promise<boolean> {
  const name = pg.escapeIdentifier(schema);
  const { rows } = await pool.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    `${name}.migrations`,
  ]);
  if (rows[0]?.there !== true) return false;
  const applied = await readApplied(pool, name);
  requireBeginning(schema, applied, migrations);
  return applied.length === migrations.length;
}

interface Applied {
  readonly name: string;
  /** Null in a database of the time when only names were kept. */
  readonly hash: string | null;
}

async function readApplied(client: pg.ClientBase | pg.Pool, schema: string): Promise<readonly Applied[]> {
  const { rows } = await client.query<Applied>(
    `SELECT name, to_jsonb(applied) ->> 'hash' AS hash FROM ${schema}.migrations AS applied ORDER BY name COLLATE "C"`,
  );
  return rows;
}

function requireBeginning(
  schema: string,
  applied: readonly Applied[],
  migrations: readonly Migration[],
): void {
  for (const [index, { name, hash }] of applied.entries()) {
    const known = migrations[index];
    if (known !== undefined && known.name === name && migrationHash(known) === hash) continue;
    throw new DatabaseVersionError(
      `The database was ${whoseWork(known, hash)} (schema ${schema}, ${name}): ${wayOut(hash)}, or point DATABASE_URL at an empty database`,
      { schema, migration: name },
    );
  }
}

function whoseWork(known: Migration | undefined, hash: string | null): string {
  if (hash === null) return 'made before the shapes were frozen';
  return `${known === undefined ? 'written by a newer' : 'made by another'} version of this program`;
}

/** What was made before the shapes were frozen is of no use to any version; all else may be somebody's real data. */
const wayOut = (hash: string | null): string =>
  hash === null ? 'delete the data folder' : 'run that version';

async function apply(client: pg.ClientBase, schema: string, migration: Migration): Promise<void> {
  try {
    await client.query(migration.sql);
  } catch (error) {
    throw isLockTimeout(error) ? givenWay(schema, migration, error) : error;
  }
  await client.query(`INSERT INTO ${pg.escapeIdentifier(schema)}.migrations (name, hash) VALUES ($1, $2)`, [
    migration.name,
    migrationHash(migration),
  ]);
}

const givenWay = (schema: string, { name }: Migration, cause: unknown): MigrationGivesWayError =>
  new MigrationGivesWayError(
    `Migration ${name} of schema ${schema} waits for tables that somebody uses, a backup or a long query (pg_stat_activity shows it), and lets others go first`,
    { schema, migration: name },
    cause,
  );

/** What an applied migration is known by: SHA-256 of its SQL, in hexadecimal. */
export const migrationHash = ({ sql }: Migration): string => createHash('sha256').update(sql).digest('hex');
