import { eventually } from '@abland/testing';
import type pg from 'pg';

/** Resolves once somebody waits for a lock in the database of this connection, which may hold it itself. */
export const untilOneWaits = (client: pg.Client): Promise<void> =>
  eventually(async () => {
    const { rows } = await client.query<{ waits: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS waits`,
    );
    if (rows[0]?.waits !== true) throw new Error('Nobody waits for a lock');
  }, 30_000);
