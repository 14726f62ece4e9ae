import type pg from 'pg';
import { connectionConfigOf } from './connection-config.js';
import { LONG_LIMITS } from './limits.js';
import { PostgresClient } from './postgres-client.js';

/** A transaction that may take as long as there is data, on a connection of its own to the pool's database. */
export async function inLongTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = new PostgresClient({ ...connectionConfigOf(pool), limits: LONG_LIMITS });
  await client.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    await client.end();
  }
}
