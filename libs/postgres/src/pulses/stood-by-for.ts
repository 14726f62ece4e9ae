import type pg from 'pg';
import { TOLD_MS_MAX } from './pulse.js';

/** Whether a program tells that it would do the part, and did not fail at it itself when it led last. */
export async function isStoodByFor(pool: pg.Pool, part: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'is-stood-by-for',
    text: `SELECT FROM leases.pulses WHERE part = $1 AND state = 'STANDBY' AND failure IS NULL
             AND beat_at > clock_timestamp() - $2 * interval '1 ms' LIMIT 1`,
    values: [part, TOLD_MS_MAX],
  });
  return rowCount === 1;
}
