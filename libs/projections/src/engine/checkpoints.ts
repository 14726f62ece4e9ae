import type { EventReference } from '@abland/kernel';
import { CheckpointMovedError } from './errors.js';
import type { ProjectionRun, StoredCheckpoint, Target } from './projection-run.js';
import type { Session } from './session.js';

interface CheckpointRow {
  projection: string;
  target: Target;
  generation: string;
  position: string | null;
  last_event: EventReference | null;
  finalized: Record<string, number>;
  handled: string;
  defects: string;
}

const COLUMNS = 'projection, target, generation, position, last_event, finalized, handled, defects';

/** Checkpoints of projections, by name. */
export async function readCheckpoints(
  session: Session,
  target: Target,
  names: readonly string[],
): Promise<ReadonlyMap<string, StoredCheckpoint>> {
  const { rows } = await session.query<CheckpointRow>({
    text: `SELECT ${COLUMNS} FROM projections.checkpoints WHERE target = $1 AND projection = ANY($2)`,
    values: [target, names],
  });
  return new Map(rows.map((row) => [row.projection, checkpointOf(row)]));
}

/**
 * Locks the runs' checkpoints until the transaction ends, always in the same order.
 * @throws CheckpointMovedError where one is not as its run knows it
 */
export async function lockCheckpoints(session: Session, runs: readonly ProjectionRun[]): Promise<void> {
  const { rows } = await session.query<CheckpointRow>({
    name: 'lock-checkpoints',
    text: `SELECT ${COLUMNS} FROM projections.checkpoints
           WHERE target = $1 AND projection = ANY($2) ORDER BY projection FOR UPDATE`,
    values: [runs[0]?.target, runs.map((run) => run.projection.name)],
  });
  const stored = new Map(rows.map((row) => [row.projection, checkpointOf(row)]));
  for (const run of runs) {
    const name = run.projection.name;
    const row = stored.get(name);
    if (row?.generation !== run.generation || row.position !== run.position) {
      throw new CheckpointMovedError(`The checkpoint of ${name} was moved by another process`, {
        projection: name,
      });
    }
  }
}

export interface Progress {
  readonly state: 'LIVE' | 'CATCHING_UP' | 'REBUILDING';
  readonly eventsPerSecond: number;
}

/** Stores the runs' checkpoints and the events that they left out. */
export function writeCheckpoints(
  session: Session,
  runs: readonly ProjectionRun[],
  progress: Progress,
): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [
    session.query({
      name: 'write-checkpoints',
      text: `UPDATE projections.checkpoints c
             SET position = m.position, last_event = m.last_event, finalized = m.finalized, handled = m.handled,
               defects = m.defects, kept_from = greatest(c.kept_from, m.kept_from), state = $9, last_error = NULL,
               events_per_second = $10, updated_at = now()
             FROM unnest($2::text[], $3::numeric[], $4::jsonb[], $5::jsonb[], $6::bigint[], $7::bigint[], $8::numeric[])
               AS m(projection, position, last_event, finalized, handled, defects, kept_from)
             WHERE c.target = $1 AND c.projection = m.projection`,
      values: [
        runs[0]?.target,
        runs.map((run) => run.projection.name),
        runs.map((run) => run.position?.toString() ?? null),
        runs.map((run) => (run.lastEvent === null ? null : JSON.stringify(run.lastEvent))),
        runs.map((run) => JSON.stringify(Object.fromEntries(run.finalized))),
        runs.map((run) => run.handled),
        runs.map((run) => run.defects),
        runs.map((run) => run.keptFrom?.toString() ?? null),
        progress.state,
        Math.round(progress.eventsPerSecond),
      ],
    }),
  ];
  return [...sent, ...runs.flatMap((run) => writeParked(session, run))];
}

export function writeParked(session: Session, run: ProjectionRun): Promise<unknown>[] {
  const { parked } = run;
  if (parked.length === 0) return [];
  const query = {
    text: `INSERT INTO projections.parked_events (projection, target, event_id, position, stream, type, code, reason, defect)
           SELECT $1, $2, * FROM unnest($3::uuid[], $4::numeric[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[])
           ON CONFLICT (projection, target, event_id) DO NOTHING`,
    values: [
      run.projection.name,
      run.target,
      parked.map((event) => event.eventId),
      parked.map((event) => event.position.toString()),
      parked.map((event) => event.stream),
      parked.map((event) => event.type),
      parked.map((event) => event.code),
      parked.map((event) => event.reason),
      parked.map((event) => event.defect),
    ],
  };
  return [session.query(query)];
}

function checkpointOf(row: CheckpointRow): StoredCheckpoint {
  return {
    generation: BigInt(row.generation),
    position: row.position === null ? null : BigInt(row.position),
    lastEvent: row.last_event,
    finalized: row.finalized,
    handled: Number(row.handled),
    defects: Number(row.defects),
  };
}
