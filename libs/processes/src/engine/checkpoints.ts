import type { Position } from '@abland/kernel';
import type pg from 'pg';
import type { Parked } from './issue-commands.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** Null where the process has not begun. */
export async function loadCheckpoint(db: Queryable, process: string): Promise<Position | null> {
  const found = await db.query<{ position: string }>(
    'SELECT position FROM processes.checkpoints WHERE process = $1',
    [process],
  );
  const row = found.rows[0];
  return row === undefined ? null : BigInt(row.position);
}

export async function saveCheckpoint(db: Queryable, process: string, position: Position): Promise<void> {
  await db.query(
    `INSERT INTO processes.checkpoints (process, position) VALUES ($1, $2)
     ON CONFLICT (process) DO UPDATE SET position = EXCLUDED.position, saved_at = now()`,
    [process, position.toString()],
  );
}

/** Keeps for an operator what could not be done. */
export async function park(db: Queryable, process: string, failures: readonly Parked[]): Promise<void> {
  for (const { causeId, stream, type, code, reason } of failures) {
    await db.query(
      `INSERT INTO processes.parked (process, cause_id, stream, type, code, reason)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [process, causeId, stream, type, code, reason],
    );
  }
}

export async function countParked(db: Queryable, process: string): Promise<number> {
  const counted = await db.query<{ count: string }>(
    'SELECT count(*) FROM processes.parked WHERE process = $1',
    [process],
  );
  return Number(counted.rows[0]?.count ?? 0);
}
