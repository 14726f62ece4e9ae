import { type RawBuilder, sql } from 'kysely';
import type { ReadModel } from './database.js';
import type { At } from './past-state.js';
import { AsOfError } from './errors.js';
import { momentAt, pastMoment, type Reads } from './moment.js';
import { Tables } from './tables.js';

/**
 * Rows of the present state, or of a past one where that can be read: whether it can is seen in the snapshot that the rows are
 * read in.
 * @throws AsOfError AS_OF_NOT_KEPT
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
  const { rows } = await sql<Row & { kept: boolean | null; found: true | null }>`
    SELECT state.kept, listed.* FROM (${pastMoment(moment, at.position, { chainId: at.chainId, throughReorgs: true })}) state
    LEFT JOIN LATERAL (SELECT true AS found, found.* FROM (${query(tables)}) found) listed ON state.kept`.execute(
    db,
  );
  if (rows[0]?.kept !== true) throw new AsOfError('AS_OF_NOT_KEPT', at.field);
  return rows.filter(({ found }) => found === true);
}
