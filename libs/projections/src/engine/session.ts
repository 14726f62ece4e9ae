import { connectionConfigOf } from '@abland/postgres';
import pg from 'pg';

/** One connection of the engine: many statements go out at once and are answered in order. */
export interface Session {
  query<Row extends pg.QueryResultRow>(query: string | pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

/**
 * A connection of its own with the settings of a pool. A session lock is held on it, so it belongs to nobody else; and as
 * rows and checkpoint are lost together or not at all, commits need not wait for the disk.
 */
export async function openSession(pool: pg.Pool, applicationName: string): Promise<pg.Client> {
  const client = new pg.Client({
    ...connectionConfigOf(pool),
    application_name: applicationName,
    keepAlive: true,
    pipeline: true,
  });
  // A lost connection fails the query in hand, or the next one; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('SET synchronous_commit = off');
  return client;
}
