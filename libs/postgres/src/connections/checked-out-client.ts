import { within } from '@abland/kernel';
import type pg from 'pg';

/** Milliseconds to wait for a connection of the pool: they may all be in use, and the database out of reach. */
const CONNECT_MS_MAX = 30_000;

/**
 * Runs work on one connection of the pool. A connection that is cut emits `error` besides failing its query, which would end
 * the process where nobody listens; after any failure it is closed rather than given back, since a transaction may be open.
 */
export async function withClient<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool);
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } catch (error) {
    broken ??= error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** As `withClient`, with all or nothing of it committed. */
export function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  return withClient(pool, async (client) => {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  });
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  const connecting = pool.connect();
  try {
    return await within(CONNECT_MS_MAX, 'waiting for a connection of the pool', connecting);
  } catch (error) {
    connecting.then(
      (late) => late.release(),
      () => undefined, // told already
    );
    throw error;
  }
}
