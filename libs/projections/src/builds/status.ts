import type { Position } from '@abland/kernel';
import { isStanding } from '@abland/postgres';
import type { Pool } from 'pg';
import type { BuildState } from '../engine/build.js';
import type { TimeLeft } from '../engine/pace.js';
import { parkedViewOf } from './views.js';

/**
 * What who keeps a build does, as it told last. STALLED: nobody keeps it by now, who did ended without a word or stands; what was
 * told last is not believed any more.
 */
export type Activity = 'LIVE' | 'CATCHING_UP' | 'RETRYING' | 'FAILED' | 'STOPPED' | 'STALLED';

/** Of the live tables what is done with them; of others what state their build is in. */
export type ProjectionState = Activity | 'REBUILDING' | 'PAUSED' | 'READY';

export interface ProjectionStatus {
  readonly name: string;
  /** Number of the build. */
  readonly build: number;
  /** `rebuild`: tables that grow beside the live ones. */
  readonly target: 'live' | 'rebuild';
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
  /** How often its rows did not add up, or would have come below zero, and the newest of that. */
  readonly violations: number;
  readonly lastViolation: string | null;
  readonly lastError: string | null;
  /** ISO 8601: the last batch or change of state. */
  readonly updatedAt: string;
}

/** A build as operators see it: also what was live before. */
export interface BuildView extends Omit<ProjectionStatus, 'target' | 'state'> {
  readonly state: BuildState;
  readonly activity: Activity;
  /** First digits of the hash of its definition. */
  readonly definition: string;
  readonly version: number | null;
  readonly promotesItself: boolean;
  /** Whether nothing differs from the live one that its definition does not explain; null: they were not compared as they are. */
  readonly explained: boolean | null;
  /** Position of the newest event when that was told last; null: it never was. */
  readonly target: Position | null;
  /** To there, as it was told last; null: not known, or nobody keeps it. */
  readonly timeLeft: TimeLeft | null;
  /** Resident, of the process that keeps it; null: nobody does. */
  readonly memoryBytes: number | null;
  readonly askedBy: string;
  readonly reason: string;
  readonly askedAt: string;
}

interface BuildStatusRow {
  id: string;
  projection: string;
  definition: string;
  version: number | null;
  state: BuildState;
  activity: Activity;
  position: string | null;
  handled: string;
  events_per_second: string;
  parked: string;
  defects: string;
  violations: string;
  last_violation: string | null;
  promotes_itself: boolean;
  explained: boolean | null;
  target: string | null;
  seconds_left: number | null;
  seconds_left_within: number | null;
  memory_bytes: string | null;
  asked_by: string;
  reason: string;
  asked_at: Date;
  last_error: string | null;
  updated_at: Date;
}

/** For so long nobody may keep what was told of a moment ago: it passes from one to another. */
const UNKEPT_MS = 1_000;

const VERDICT = `CASE WHEN state = 'READY' THEN (
  SELECT r.explained FROM projections.difference_reports r JOIN projections.builds l ON l.id = r.live AND l.state = 'LIVE'
  WHERE r.build = b.id AND r.generation = b.generation ORDER BY r.id DESC LIMIT 1) END`;

/** What every version that knows builds has of them. */
const OF_EVERY_VERSION = `NULL::boolean AS explained, NULL AS seconds_left, NULL AS seconds_left_within, NULL AS memory_bytes,
  coalesce((to_jsonb(b) ->> 'violations')::bigint, 0) AS violations, to_jsonb(b) ->> 'last_violation' AS last_violation`;
const OF_THIS_VERSION = `${VERDICT} AS explained, seconds_left, seconds_left_within, memory_bytes, violations, last_violation`;

/** @param head the store's newest position, for how far behind each is */
export const listBuilds = (pool: Pool, head?: Position | null): Promise<readonly BuildView[]> =>
  readViews(pool, head, OF_THIS_VERSION);

async function readViews(
  pool: Pool,
  head: Position | null | undefined,
  more: string,
): Promise<readonly BuildView[]> {
  const { rows } = await pool.query<BuildStatusRow>(
    `SELECT id, projection, definition, version, state, position, handled, events_per_second, parked, defects,
       target, promotes_itself, asked_by, reason, asked_at, last_error, updated_at, ${more},
       CASE WHEN activity IN ('LIVE', 'CATCHING_UP') AND state IN ('LIVE', 'BUILDING', 'READY') AND NOT stands AND updated_at < now() - $1 * interval '1 ms' AND NOT EXISTS (
         SELECT FROM leases.leases l WHERE l.name = 'build-' || b.id AND ${isStanding('l')}
       ) THEN 'STALLED' ELSE activity END AS activity
     FROM projections.builds b ORDER BY projection, state <> 'LIVE', id`,
    [UNKEPT_MS],
  );
  return rows.map((row) => {
    const checkpoint = row.position === null ? null : BigInt(row.position);
    return {
      name: row.projection,
      build: Number(row.id),
      state: row.state,
      activity: row.activity,
      definition: row.definition.slice(0, 12),
      version: row.version,
      checkpoint,
      behind: head === undefined ? null : (head ?? 0n) - (checkpoint ?? 0n),
      handled: Number(row.handled),
      eventsPerSecond: Number(row.events_per_second),
      parked: Number(row.parked),
      defects: Number(row.defects),
      violations: Number(row.violations),
      lastViolation: row.last_violation,
      promotesItself: row.promotes_itself,
      explained: row.explained,
      target: row.target === null ? null : BigInt(row.target),
      ...(isTold(row) ? toldBy(row) : NOT_TOLD),
      askedBy: row.asked_by,
      reason: row.reason,
      askedAt: row.asked_at.toISOString(),
      lastError: row.last_error,
      updatedAt: row.updated_at.toISOString(),
    };
  });
}

/** Whether somebody keeps it, by whose word it is known. */
const isTold = ({ activity, state }: BuildStatusRow): boolean =>
  (activity === 'LIVE' || activity === 'CATCHING_UP') &&
  (state === 'LIVE' || state === 'BUILDING' || state === 'READY');

function toldBy(row: BuildStatusRow): Pick<BuildView, 'timeLeft' | 'memoryBytes'> {
  const { memory_bytes: memory, seconds_left: seconds, seconds_left_within: within } = row;
  return {
    timeLeft: seconds === null || within === null ? null : { seconds, within },
    memoryBytes: memory === null ? null : Number(memory),
  };
}
const NOT_TOLD = { timeLeft: null, memoryBytes: null } as const;

/** Of what readers see and of what is to take its place. @param head as in `listBuilds` */
export async function projectionStatus(
  pool: Pool,
  head?: Position | null,
): Promise<readonly ProjectionStatus[]> {
  // Also what an older version left is to be told of: nothing is asked of it that only this one has made.
  const builds = await readViews(pool, head, OF_EVERY_VERSION);
  return builds
    .filter(({ state }) => state !== 'RETIRED')
    .map((build) => ({
      name: build.name,
      build: build.build,
      target: build.state === 'LIVE' ? 'live' : 'rebuild',
      state: stateOf(build),
      checkpoint: build.checkpoint,
      behind: build.behind,
      handled: build.handled,
      eventsPerSecond: build.eventsPerSecond,
      parked: build.parked,
      defects: build.defects,
      violations: build.violations,
      lastViolation: build.lastViolation,
      lastError: build.lastError,
      updatedAt: build.updatedAt,
    }));
}

function stateOf({ activity, state }: BuildView): ProjectionState {
  if (state === 'LIVE') return activity;
  return state === 'BUILDING' || state === 'RETIRED' ? 'REBUILDING' : state;
}

export interface ParkedByProjection {
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

/** SELECT of the events that the live builds of projections left out; `more`: further columns of theirs. */
export const parkedEventsSql = (projections: readonly string[], more = ''): string =>
  projections
    .map(
      (
        name,
      ) => `SELECT '${name}' AS projection, event_id, position, stream, type, code, reason, defect, parked_at${more}
        FROM read_model.${parkedViewOf(name)}`,
    )
    .join(' UNION ALL ');

/** Events that live projections left out, oldest first. */
export async function parkedEventsOf(
  pool: Pool,
  projections: readonly string[],
  limit = 100,
): Promise<readonly ParkedByProjection[]> {
  const { rows } = await pool.query<ParkedRow>(
    `SELECT * FROM (${parkedEventsSql(projections)}) parked ORDER BY position, projection LIMIT $1`,
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
