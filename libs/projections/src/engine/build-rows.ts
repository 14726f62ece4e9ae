import type { Build, BuildState, LastEvent } from './build.js';
import type { Session } from './session.js';

interface BuildRow {
  id: string;
  projection: string;
  definition: string;
  version: number | null;
  schema: string;
  state: BuildState;
  generation: string;
  position: string | null;
  last_event: LastEvent | null;
  finalized: Record<string, number>;
  handled: string;
  defects: string;
  parked: string;
  indexed: boolean;
  stands: boolean;
  promotes_itself: boolean;
  asked_by: string;
  reason: string;
  asked_at: Date;
  last_error: string | null;
}

const COLUMNS = `id, projection, definition, version, schema, state, generation, position, last_event, finalized, handled, defects, parked,
  indexed, stands, promotes_itself, asked_by, reason, asked_at, last_error`;

/** All builds, by number. */
export async function readBuilds(db: Session): Promise<readonly Build[]> {
  const { rows } = await db.query<BuildRow>(`SELECT ${COLUMNS} FROM projections.builds ORDER BY id`);
  return rows.map(buildOf);
}

/** Builds by number, where they still are. */
export async function readBuildsById(db: Session, ids: readonly number[]): Promise<readonly Build[]> {
  const { rows } = await db.query<BuildRow>({
    text: `SELECT ${COLUMNS} FROM projections.builds WHERE id = ANY($1) ORDER BY id`,
    values: [ids],
  });
  return rows.map(buildOf);
}

/** All builds of a projection, locked until the transaction ends. */
export async function lockBuildsOf(db: Session, projection: string): Promise<readonly Build[]> {
  const { rows } = await db.query<BuildRow>({
    text: `SELECT ${COLUMNS} FROM projections.builds WHERE projection = $1 ORDER BY id FOR UPDATE`,
    values: [projection],
  });
  return rows.map(buildOf);
}

/** Builds by number, locked until the transaction ends. */
export async function lockBuilds(db: Session, ids: readonly number[]): Promise<readonly Build[]> {
  const { rows } = await db.query<BuildRow>({
    name: 'lock-builds',
    text: `SELECT ${COLUMNS} FROM projections.builds WHERE id = ANY($1) ORDER BY id FOR UPDATE`,
    values: [ids],
  });
  return rows.map(buildOf);
}

export interface NewBuild {
  readonly projection: string;
  readonly definition: string;
  readonly version: number;
  readonly state: 'LIVE' | 'BUILDING';
  readonly promotesItself: boolean;
  readonly askedBy: string;
  readonly reason: string;
}

/** Its schema is named after its number, and made by the caller. */
export async function insertBuild(db: Session, build: NewBuild): Promise<Build> {
  const { rows } = await db.query<BuildRow>({
    text: `INSERT INTO projections.builds
             (projection, definition, version, state, indexed, promotes_itself, asked_by, reason)
           VALUES ($1, $2, $3, $4, $4 = 'LIVE', $5, $6, $7) RETURNING ${COLUMNS}`,
    values: [
      build.projection,
      build.definition,
      build.version,
      build.state,
      build.promotesItself,
      build.askedBy,
      build.reason,
    ],
  });
  return buildOf(rows[0] as BuildRow);
}

/** Of a build that the caller has locked. Who keeps it learns of it before it writes again. */
export async function setBuildState(
  db: Session,
  id: number,
  state: BuildState,
  promotesItself?: boolean,
): Promise<void> {
  await db.query({
    text: `UPDATE projections.builds SET state = $2, generation = generation + 1, stands = false, last_error = NULL, updated_at = now(),
             seconds_left = NULL, seconds_left_within = NULL,
             promotes_itself = coalesce($3, promotes_itself) WHERE id = $1`,
    values: [id, state, promotesItself ?? null],
  });
}

function buildOf(row: BuildRow): Build {
  return {
    id: Number(row.id),
    projection: row.projection,
    definition: row.definition,
    version: row.version,
    schema: row.schema,
    state: row.state,
    generation: BigInt(row.generation),
    position: row.position === null ? null : BigInt(row.position),
    lastEvent: row.last_event,
    finalized: row.finalized,
    handled: Number(row.handled),
    defects: Number(row.defects),
    parked: Number(row.parked),
    indexed: row.indexed,
    stands: row.stands,
    promotesItself: row.promotes_itself,
    askedBy: row.asked_by,
    reason: row.reason,
    askedAt: row.asked_at.toISOString(),
    lastError: row.last_error,
  };
}
