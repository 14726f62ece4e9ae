import type pg from 'pg';
import { until } from './eventually.js';

/** Resolves once somebody waits for a lock, of a table or a row, in the database of this connection, which may hold it itself. */
export const untilOneWaits = (client: pg.Client): Promise<void> =>
  until(async () => {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rowCount !== 0;
  });
