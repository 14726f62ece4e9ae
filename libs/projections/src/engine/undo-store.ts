import type { ProjectionRun } from './projection-run.js';
import type { Session } from './session.js';
import type { AnyTable } from './table.js';
import { type AnyRow, fromSelected } from './values.js';

/** Writes the batch's images; the first image of a row and block stays, also where an earlier batch wrote it. */
export function writeUndo(session: Session, run: ProjectionRun): Promise<unknown>[] {
  const images = run.undo.take();
  if (images.length === 0) return [];
  return [
    session.query({
      name: 'write-undo',
      text: `INSERT INTO projections.undo_log (projection, target, chain_id, block_number, table_name, row_key, before)
             SELECT $1, $2, chain_id, block_number, table_name, string_to_array(row_key, chr(31)), before
             FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::jsonb[])
               AS u(chain_id, block_number, table_name, row_key, before)
             ON CONFLICT DO NOTHING`,
      values: [
        run.projection.name,
        run.target,
        images.map((image) => image.chainId),
        images.map((image) => image.blockNumber),
        images.map((image) => image.table),
        images.map((image) => image.key.replaceAll('\0', '\u001f')),
        images.map((image) => image.before),
      ],
    }),
  ];
}

/** Drops the images that finality made needless. */
export function pruneUndo(
  session: Session,
  run: ProjectionRun,
  finalized: ReadonlyMap<number, number>,
): Promise<unknown>[] {
  return [...finalized].map(([chainId, number]) =>
    session.query({
      name: 'prune-undo',
      text: `DELETE FROM projections.undo_log
             WHERE projection = $1 AND target = $2 AND chain_id = $3 AND block_number <= $4`,
      values: [run.projection.name, run.target, chainId, number],
    }),
  );
}

/**
 * Brings every row that a block from `fromNumber` on changed back to what it was before those blocks: of each row the image of
 * its oldest such block. All changes must have been written before.
 */
export async function revertBlocks(
  session: Session,
  run: ProjectionRun,
  chainId: number,
  fromNumber: number,
): Promise<void> {
  const { rows } = await session.query<{ table_name: string; row_key: string[]; before: AnyRow | null }>({
    text: `WITH taken AS (
             DELETE FROM projections.undo_log
             WHERE projection = $1 AND target = $2 AND chain_id = $3 AND block_number >= $4
             RETURNING table_name, row_key, block_number, before
           )
           SELECT DISTINCT ON (table_name, row_key) table_name, row_key, before
           FROM taken ORDER BY table_name, row_key, block_number`,
    values: [run.projection.name, run.target, chainId, fromNumber],
  });
  const tables = new Map(
    (run.projection.tables as readonly AnyTable[]).map((table) => [table.name as string, table]),
  );
  for (const { table_name, row_key, before } of rows) {
    const table = tables.get(table_name);
    if (table === undefined) continue; // a table that this version of the projection no longer has
    run.rows.restore(table, row_key.join('\0'), before === null ? null : fromSelected(table, before));
  }
}
