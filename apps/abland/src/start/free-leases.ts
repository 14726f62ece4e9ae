import type { Logger } from '@abland/kernel';
import { expireLeases, migrateLeases } from '@abland/postgres';
import pg from 'pg';

/** Whoever has the data folder is alone with its database: what a crash left leased need not be waited for. */
export async function freeLeases(databaseUrl: string, logger: Logger): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on('error', (error) => logger.warn({ err: error }, 'idle database connection lost'));
  try {
    await migrateLeases(pool);
    await expireLeases(pool);
  } finally {
    await pool.end();
  }
}
