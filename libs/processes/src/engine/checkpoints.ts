import type { EventReference, LogPlace, Position } from '@abland/kernel';
import type pg from 'pg';
import type { Parked } from './issue-commands.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

export interface Checkpoint {
  /** Last position handled, which need not be that of an event for the process. */
  readonly position: Position;
  /** An event of the log that this is the checkpoint of, to know it by. */
  readonly known: LogPlace;
}

interface CheckpointRow {
  position: string;
  known_event: EventReference;
  known_position: string;
}

/** Null where the process has not begun. */
export async function loadCheckpoint(db: Queryable, process: string): Promise<Checkpoint | null> {
  const { rows } = await db.query<CheckpointRow>(
    'SELECT position, known_event, known_position FROM processes.checkpoints WHERE process = $1',
    [process],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const known = { position: BigInt(row.known_position), event: row.known_event };
  return { position: BigInt(row.position), known };
}

export async function saveCheckpoint(db: Queryable, process: string, checkpoint: Checkpoint): Promise<void> {
  const { position, known } = checkpoint;
  await db.query(
    `INSERT INTO processes.checkpoints (process, position, known_event, known_position) VALUES ($1, $2, $3, $4)
     ON CONFLICT (process) DO UPDATE SET position = EXCLUDED.position, known_event = EXCLUDED.known_event,
       known_position = EXCLUDED.known_position, saved_at = now()`,
    [process, position, JSON.stringify(known.event), known.position],
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
