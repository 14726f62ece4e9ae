import type { Logger } from '@abland/kernel';
import type { DataConfig } from '@abland/platform';
import { openPool } from '@abland/postgres';
import type pg from 'pg';
import { findRunning } from '../../start/running-file.js';

/**
 * The database by which a system on this log learns what becomes of operators' acts: the one that the log lies in, or the one of
 * the system at hand; null where neither is one of a system.
 */
export async function poolOfSystem(
  config: DataConfig,
  logUrl: string,
  logger: Logger,
): Promise<pg.Pool | null> {
  const own = config.databaseUrl ?? (await findRunning(config.dataDir))?.databaseUrl ?? null;
  for (const connectionString of [/^postgres/.test(logUrl) ? logUrl : null, own]) {
    if (connectionString === null) continue;
    const pool = openPool({ connectionString, name: 'operator', max: 2, logger });
    if (await isOfSystem(pool).catch(() => false)) return pool;
    await pool.end();
  }
  return null;
}

async function isOfSystem(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ isThere: boolean }>(
    `SELECT to_regclass('leases.operations_in_hand') IS NOT NULL AS "isThere"`,
  );
  return rows[0]?.isThere === true;
}
