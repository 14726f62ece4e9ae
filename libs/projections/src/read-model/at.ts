import { type RawBuilder, sql } from 'kysely';
import type { ReadModel } from './database.js';
import type { At } from './past-state.js';
import { AsOfError } from './errors.js';
import { momentAt, pastMoment, type Reads } from './moment.js';
import { Tables } from './tables.js';

/**
 * Rows of the present state, or of a past one where that can be read: whether it can is seen in the snapshot that the rows are
 * read in.
 * @throws AsOfError AS_OF_NOT_KEPT, AS_OF_IN_FUTURE where the tables have not got there
 */
export async function readAt<Row>(
  db: ReadModel,
  reads: Reads,
  at: At | null | undefined,
  query: (tables: Tables) => RawBuilder<unknown>,
): Promise<readonly Row[]> {
  if (at === null || at === undefined) {
    return (await sql<Row>`${query(new Tables(reads, null))}`.execute(db)).rows;
  }
  const moment = momentAt(reads, at.position);
  const tables = new Tables(reads, moment, at);
  const { rows } = await sql<Row & ToldPast & { found: true | null }>`
    SELECT state.kept, state.reached, state.latest, listed.* FROM (${pastMoment(moment, at.position, { chainId: at.chainId, throughReorgs: true })}) state
    LEFT JOIN LATERAL (SELECT true AS found, found.* FROM (${query(tables)}) found) listed ON state.kept`.execute(
    db,
  );
  if (rows[0]?.kept !== true) throw notReadable(at, rows[0]);
  return rows.filter(({ found }) => found === true);
}

/** Whether a state of the past can be read, as its tables tell. */
export interface ToldPast {
  readonly kept: boolean | null;
  readonly reached: boolean | null;
  /** The newest position that all of them have got to. */
  readonly latest: string | null;
}

/** What stands is not older than what is kept: it may be read once it goes on. */
export const notReadable = ({ field }: At, told: ToldPast | undefined): AsOfError =>
  told?.reached === false
    ? new AsOfError('AS_OF_IN_FUTURE', field, { latestPosition: told.latest })
    : new AsOfError('AS_OF_NOT_KEPT', field);
