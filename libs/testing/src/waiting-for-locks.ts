import type pg from 'pg';
import { until } from './eventually.js';

/** Resolves once somebody waits for a lock, of a table or a row, in the database of this connection, which may hold it itself. */
export const untilOneWaits = (client: pg.Client): Promise<void> =>
  until(async () => {
    // Who connected since the first look would be in no later one of the same transaction.
    await client.query('SELECT pg_stat_clear_snapshot()');
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rowCount !== 0;
  });
