import type { Position } from '@abland/kernel';
import type { Pool } from 'pg';
import type { Target } from './projection-run.js';

export type ProjectionState = 'LIVE' | 'CATCHING_UP' | 'RETRYING' | 'FAILED' | 'STOPPED' | 'REBUILDING';

export interface ProjectionStatus {
  readonly name: string;
  /** `rebuild`: the tables that grow beside the live ones. */
  readonly target: Target;
  readonly state: ProjectionState;
  /** Position of the last event handled; null before the first. */
  readonly checkpoint: Position | null;
  /** Positions to the head of the log, events on PostgreSQL; null where the head was not given. */
  readonly behind: bigint | null;
  readonly handled: number;
  readonly eventsPerSecond: number;
  readonly parked: number;
  /** Events left out because our own code broke on them. */
  readonly defects: number;
  readonly lastError: string | null;
  /** ISO 8601: the last batch or change of state. */
  readonly updatedAt: string;
}

interface StatusRow {
  projection: string;
  target: Target;
  state: string;
  position: string | null;
  handled: string;
  events_per_second: string;
  parked: string;
  defects: string;
  last_error: string | null;
  updated_at: Date;
}

/** @param head the store's newest position, for how far behind each is */
export async function projectionStatus(
  pool: Pool,
  head?: Position | null,
): Promise<readonly ProjectionStatus[]> {
  const { rows } = await pool.query<StatusRow>(
    `SELECT c.projection, c.target, c.state, c.position, c.handled, c.events_per_second, c.defects, c.last_error, c.updated_at,
       (SELECT count(*) FROM projections.parked_events p WHERE p.projection = c.projection AND p.target = c.target) AS parked
     FROM projections.checkpoints c ORDER BY c.projection, c.target`,
  );
  return rows.map((row) => {
    const checkpoint = row.position === null ? null : BigInt(row.position);
    return {
      name: row.projection,
      target: row.target,
      state: row.state as ProjectionState,
      checkpoint,
      behind: head === undefined ? null : (head ?? 0n) - (checkpoint ?? 0n),
      handled: Number(row.handled),
      eventsPerSecond: Number(row.events_per_second),
      parked: Number(row.parked),
      defects: Number(row.defects),
      lastError: row.last_error,
      updatedAt: row.updated_at.toISOString(),
    };
  });
}

export interface ParkedEventView {
  readonly projection: string;
  readonly eventId: string;
  readonly position: Position;
  readonly stream: string;
  readonly type: string;
  readonly code: string;
  readonly reason: string;
  readonly defect: boolean;
  readonly parkedAt: string;
}

interface ParkedRow {
  projection: string;
  event_id: string;
  position: string;
  stream: string;
  type: string;
  code: string;
  reason: string;
  defect: boolean;
  parked_at: Date;
}

/** Events that live projections left out, oldest first. */
export async function parkedEvents(pool: Pool, limit = 100): Promise<readonly ParkedEventView[]> {
  const { rows } = await pool.query<ParkedRow>(
    `SELECT projection, event_id, position, stream, type, code, reason, defect, parked_at
     FROM projections.parked_events WHERE target = 'live' ORDER BY position, projection LIMIT $1`,
    [limit],
  );
  return rows.map((row) => ({
    projection: row.projection,
    eventId: row.event_id,
    position: BigInt(row.position),
    stream: row.stream,
    type: row.type,
    code: row.code,
    reason: row.reason,
    defect: row.defect,
    parkedAt: row.parked_at.toISOString(),
  }));
}
