import type { EventReference, LogPlace, Position } from '@abland/kernel';
import type pg from 'pg';

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
