import { journalViewOf } from '../builds/views.js';
import { sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import { keptFrom, type Moment, momentOf, pastMoment } from '../read-model/moment.js';
import { RECONCILED_READS } from './kinds.js';

/** A block after which the read models stood, and can still be read, and where in the log that was. */
export interface WholeBlock {
  readonly number: number;
  readonly hash: string;
  readonly moment: Moment;
}

const COMPARED = Object.keys(RECONCILED_READS);

/**
 * The newest block of a chain that every read model which is compared has folded to its end, or the one of a number; null where the
 * journal has none: while old history is read in, say. The last event of a block tells of the block itself, so the entry of that in
 * the journal says which moment it was.
 */
export async function wholeBlock(
  db: ReadModel,
  chainId: number,
  number: number | null = null,
): Promise<WholeBlock | null> {
  const { rows } = await sql<{ position: string; number: string; hash: string }>`
    WITH reached AS (
      SELECT min(coalesce(position, -1)) AS position, max(${keptFrom('builds', chainId)}) AS kept_from
      FROM projections.builds WHERE state = 'LIVE' AND projection = ANY(${COMPARED}::text[])
    ), told AS (
      SELECT j.position, j.block_number AS number FROM ${sql.id('read_model', journalViewOf('chain-head'))} j, reached
      WHERE j.table_name = 'blocks'
        AND j.chain_id = ${chainId}::bigint AND j.taken_back_at IS NULL
        AND j.position + 0 BETWEEN reached.kept_from AND reached.position
        AND (${number}::bigint IS NULL OR j.block_number = ${number}::bigint)
      ORDER BY j.position + 0 DESC LIMIT 1
    )
    SELECT told.position, told.number, b.hash FROM told
    JOIN read_model.blocks b ON b.chain_id = ${chainId}::bigint AND b.number = told.number
  `.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const moment = momentOf(RECONCILED_READS, row.position, '');
  // One read model may have taken the block back already.
  const state = await sql<{
    kept: boolean | null;
  }>`${pastMoment(moment, row.position, { chainId, throughReorgs: false })}`.execute(db);
  if (state.rows[0]?.kept !== true) return null;
  return { number: Number(row.number), hash: row.hash, moment };
}
