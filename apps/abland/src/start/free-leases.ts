import type { Logger } from '@abland/kernel';
import { expireLeases, migrateLeases, openPool } from '@abland/postgres';

/** Whoever has the data folder is alone with its database: what a crash left leased need not be waited for. */
export async function freeLeases(databaseUrl: string, logger: Logger): Promise<void> {
  const pool = openPool({ connectionString: databaseUrl, name: 'start', max: 1, logger });
  try {
    await migrateLeases(pool);
    await expireLeases(pool);
  } finally {
    await pool.end();
  }
}
