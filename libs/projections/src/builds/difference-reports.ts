import type { Pool } from 'pg';
import type { Build } from '../engine/build.js';
import type { Session } from '../engine/session.js';
import type { BuildChecksums } from './build-checksums.js';
import type { TableDifference } from './compare-table.js';
import { type BuildDifferences, isUnexplained } from './differences.js';

/** What was found when two builds were compared, kept for good or until many came after it. */
export interface DifferenceReport extends BuildDifferences {
  readonly id: number;
  /** Whether nothing differed that no change of the definition explains. */
  readonly explained: boolean;
  /** ISO 8601. */
  readonly madeAt: string;
}

/** Of each projection. */
const KEPT_MAX = 50;

/** Keeps what was found of a build, as it was then known; returns its number. */
export async function storeReport(
  db: Session,
  { generation }: Pick<Build, 'generation'>,
  { build, checksums, live, position, projection, tables }: BuildDifferences,
): Promise<number> {
  const explained = !tables.some(isUnexplained);
  const { rows } = await db.query<{ id: string }>({
    text: `INSERT INTO projections.difference_reports (projection, live, build, generation, position, explained, tables, checksums)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
    values: [
      ...[projection, live, build, generation, position, explained],
      ...[JSON.stringify(tables), JSON.stringify(checksums)],
    ],
  });
  await db.query({
    text: `DELETE FROM projections.difference_reports WHERE projection = $1 AND id <= (
             SELECT id FROM projections.difference_reports WHERE projection = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)`,
    values: [projection, KEPT_MAX],
  });
  return Number(rows[0]?.id);
}

/** Adds what took as long as reading all rows to what was kept already. */
export async function addChecksums(db: Session, report: number, checksums: BuildChecksums): Promise<void> {
  await db.query({
    text: 'UPDATE projections.difference_reports SET checksums = $2 WHERE id = $1',
    values: [report, JSON.stringify(checksums)],
  });
}

interface ReportRow {
  id: string;
  projection: string;
  live: string;
  build: string;
  position: string | null;
  explained: boolean;
  tables: TableDifference[];
  checksums: BuildChecksums | null;
  made_at: Date;
}

/** Of a projection, the newest first. */
export async function differenceReportsOf(
  pool: Pool,
  projection: string,
  limit: number,
): Promise<readonly DifferenceReport[]> {
  const { rows } = await pool.query<ReportRow>(
    `SELECT id, projection, live, build, position, explained, tables, checksums, made_at
     FROM projections.difference_reports WHERE projection = $1 ORDER BY id DESC LIMIT $2`,
    [projection, limit],
  );
  return rows.map(({ build, id, live, made_at, ...row }) => ({
    ...row,
    ...{ id: Number(id), live: Number(live), build: Number(build), madeAt: made_at.toISOString() },
  }));
}

/** By the number of a build whether its report, as both are now known, explains all; of one that was not compared nothing. */
export async function readVerdicts(db: Session): Promise<ReadonlyMap<number, boolean>> {
  const { rows } = await db.query<{ build: string; explained: boolean }>(
    `SELECT DISTINCT ON (r.build) r.build, r.explained FROM projections.difference_reports r
     JOIN projections.builds b ON b.id = r.build AND b.generation = r.generation
     JOIN projections.builds l ON l.id = r.live AND l.state = 'LIVE' ORDER BY r.build, r.id DESC`,
  );
  return new Map(rows.map(({ build, explained }) => [Number(build), explained]));
}
