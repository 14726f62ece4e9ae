import type pg from 'pg';
import { connectionConfigOf } from './connection-config.js';
import { LONG_LIMITS } from './limits.js';
import { PostgresClient } from './postgres-client.js';
import { type Watch, watchConnection } from './watch-connection.js';

/**
 * A transaction that may take as long as there is data, on a connection of its own to the pool's database. Where that is lost
 * without a word, the work fails all the same.
 */
export async function inLongTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<Result>,
  watch?: Watch,
): Promise<Result> {
  const client = new PostgresClient({ ...connectionConfigOf(pool), limits: LONG_LIMITS });
  const over = new AbortController();
  await client.connect();
  try {
    await watchConnection(client, pool, over.signal, watch);
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    over.abort();
    await client.end();
  }
}
