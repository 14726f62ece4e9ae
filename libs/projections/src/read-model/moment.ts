import { type RawBuilder, sql } from 'kysely';
import { journalViewOf } from '../builds/views.js';
import type { AnyTable } from '../engine/table.js';
import { InvalidCursorError } from './errors.js';

/** The tables that a list reads, by the projection that keeps them. */
export type Reads = Readonly<Record<string, readonly AnyTable[]>>;

/** A state of the read models: up to which position of the log each projection had folded. Decimal text, -1 before the first. */
export type Moment = ReadonlyMap<string, string>;

const projectionsOf = (reads: Reads): readonly string[] => Object.keys(reads).sort();

/**
 * The state that a cursor names: one position where all projections were at the same one, as they are while they follow
 * the log together; else one for each, by name.
 * @throws InvalidCursorError
 */
export function momentOf(reads: Reads, positions: string, cursor: string): Moment {
  const given = positions.split(',');
  const projections = projectionsOf(reads);
  const [one] = given;
  if (one === undefined || (given.length > 1 && given.length !== projections.length)) {
    throw new InvalidCursorError(cursor);
  }
  return new Map(projections.map((projection, index) => [projection, given[index] ?? one]));
}

/** The state after the event of a position, of all projections alike. */
export const momentAt = (reads: Reads, position: string): Moment =>
  new Map(projectionsOf(reads).map((projection) => [projection, position]));

/** One row: the positions of the tables as they are, as a cursor has them. */
export const presentMoment = (reads: Reads): RawBuilder<unknown> => sql`
  SELECT true AS kept, true AS reached, NULL AS latest,
    CASE WHEN count(DISTINCT position) = 1 THEN min(position)::text
      ELSE string_agg(position::text, ',' ORDER BY projection) END AS positions
  FROM (
    SELECT projection COLLATE "C" AS projection, coalesce(position, -1) AS position
    FROM projections.builds WHERE state = 'LIVE' AND projection = ANY(${projectionsOf(reads)})
  ) live`;

/**
 * One row: whether the tables have got there (a replica may not, nor one that stands), up to where all of them are, and whether they can
 * still be read as they were. They can where the journal reaches back so far, they have got there, and, but for a state that is asked for as it was, no reorg took back a change that was in them.
 */
export const pastMoment = (
  moment: Moment,
  positions: string,
  { chainId, throughReorgs }: PastOf,
): RawBuilder<unknown> => sql`
  SELECT count(*) = ${moment.size}::int AND bool_and(
      m.position BETWEEN ${keptFrom('c', chainId)} AND coalesce(c.position, -1)
      AND ${throughReorgs || chainId === null ? sql`true` : notTakenBack(moment, chainId)}
    ) AS kept,
    bool_and(m.position <= coalesce(c.position, -1)) AS reached, min(c.position)::text AS latest,
    ${positions}::text AS positions
  FROM unnest(${[...moment.keys()]}::text[], ${[...moment.values()]}::numeric[]) AS m(projection, position)
  JOIN projections.builds c ON c.state = 'LIVE' AND c.projection = m.projection`;

/** Whose state of the past is read. */
export interface PastOf {
  /** Null for a list that no chain changes. */
  readonly chainId: number | null;
  /** Whether it is read as it was, whatever reorgs took back of it later. */
  readonly throughReorgs: boolean;
}

/** The first position of which a build, of the row that the alias names, can tell what a chain's rows were after it. */
export const keptFrom = (build: string, chainId: number | null): RawBuilder<unknown> => {
  const b = sql.id(build);
  const ofChain = sql`(${b}.kept_from_of_chain ->> ${chainId === null ? '' : String(chainId)})::numeric`;
  return sql`coalesce(greatest(${b}.kept_from, ${ofChain}), -1)`;
};

const notTakenBack = (moment: Moment, chainId: number): RawBuilder<unknown> => sql`NOT EXISTS (
  SELECT 1 FROM (${journalsOf(moment)}) j
  WHERE j.projection = c.projection AND j.chain_id = ${chainId}::bigint
    AND j.taken_back_at > m.position AND j.position <= m.position)`;

/** What reorgs took back, of the journals of all projections of a moment. */
const journalsOf = (moment: Moment): RawBuilder<unknown> =>
  sql.join(
    [...moment.keys()].map(
      (name) => sql`SELECT ${sql.lit(name)} AS projection, chain_id, position, taken_back_at
        FROM ${sql.id('read_model', journalViewOf(name))}`,
    ),
    sql` UNION ALL `,
  );
