import { isLockTimeout, isMissingTable } from '@abland/postgres';
import pg from 'pg';
import type { HealthCheck } from './readiness.js';

/** As long as a query waits for a table that somebody has locked, before it is refused. */
const LOCK_MS = 1_000;

/**
 * Whether queries get at every read model, found out as they do: by the lock that a query takes of each. A table that somebody keeps to
 * themselves, for a migration by hand or a dump with the wrong words, is told by its name.
 */
export async function readableModels(pool: pg.Pool, again = true): Promise<HealthCheck> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = to_regnamespace('read_model') AND relkind IN ('r', 'v') ORDER BY 1`,
  );
  if (rows.length === 0) return { ok: true };
  const names = rows.map(({ name }) => `read_model.${pg.escapeIdentifier(name)}`).join(', ');
  try {
    // Two statements are one transaction.
    await pool.query(`SET LOCAL lock_timeout = ${LOCK_MS}; LOCK TABLE ${names} IN ACCESS SHARE MODE`);
    return { ok: true };
  } catch (error) {
    if (isMissingTable(error) && again) return readableModels(pool, false);
    if (!isLockTimeout(error)) throw error;
    return { ok: false, error: 'READ_MODEL_LOCKED', locked: await lockedNames(pool) };
  }
}

async function lockedNames(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT DISTINCT relname AS name FROM pg_locks JOIN pg_class c ON c.oid = relation
     WHERE granted AND mode = 'AccessExclusiveLock' AND relkind IN ('r', 'v') AND relnamespace::regnamespace::text !~ '^pg_'
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}
