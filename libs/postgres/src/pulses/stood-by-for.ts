import type pg from 'pg';
import { TOLD_MS_MAX } from './pulse.js';
import { toldAge } from './told-age.js';

export interface Standby {
  /** Whether one counts as well that failed at it itself when it led last. */
  readonly alsoFailed: boolean;
}

/** Whether a program tells that it would do the part. */
export async function isStoodByFor(pool: pg.Pool, part: string, { alsoFailed }: Standby): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'is-stood-by-for',
    text: `SELECT FROM leases.pulses WHERE part = $1 AND state = 'STANDBY' AND (failure IS NULL OR $3::boolean)
             AND ${toldAge('beat_at')} < $2 LIMIT 1`,
    values: [part, TOLD_MS_MAX, alsoFailed],
  });
  return rowCount === 1;
}
