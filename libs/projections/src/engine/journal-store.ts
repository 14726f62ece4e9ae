import type { RecordedEvent, Slices } from '@abland/kernel';
import { arrayLiteral } from './array-literal.js';
import type { JournalEntry } from './journal.js';
import type { ProjectionRun } from './projection-run.js';
import type { Session } from './session.js';
import type { AnyTable } from './table.js';
import { type Send, storedRows } from './row-store.js';
import { sliced } from './slice.js';
import { type AnyRow, fromSelected, keyFromText } from './values.js';

/** Entries a statement: far behind, a batch has a hundred thousand of them, of which text is made while all else of the program waits. */
const WRITTEN_AT_ONCE = 1_000;

/** Sends the batch's entries, and notes on the run which states can no longer be read. */
export async function writeJournal(
  session: Session,
  run: ProjectionRun,
  since: number,
  send: Send,
  slices: Slices = sliced(),
): Promise<void> {
  const isFinal = ({ chainId, number }: { chainId: number; number: number }): boolean =>
    number <= (run.finalized.get(chainId) ?? -1);
  while (run.journal.size > 0) {
    if (slices.over) await slices.next();
    const { entries, letGo } = run.journal.take(since, isFinal, WRITTEN_AT_ONCE);
    for (const [chainId, position] of letGo) run.keptFrom.letGo(chainId, position);
    if (entries.length > 0) send(session.query(insertEntries(run, entries)));
  }
}

function insertEntries(run: ProjectionRun, entries: readonly JournalEntry[]) {
  return {
    name: `write-journal:${run.schema}`,
    text: `INSERT INTO ${run.schema}.journal (table_name, row_key, position, happened_at, chain_id, block_number, before)
           SELECT table_name, string_to_array(row_key, chr(31)), position,
             least(to_timestamp(happened_at / 1000.0), now()), chain_id, block_number, before
           FROM unnest($1::text[], $2::text[], $3::numeric[], $4::bigint[], $5::bigint[], $6::bigint[], $7::jsonb[])
             AS e(table_name, row_key, position, happened_at, chain_id, block_number, before)`,
    values: [
      arrayLiteral(entries.map((entry) => entry.table)),
      arrayLiteral(entries.map((entry) => entry.key.replaceAll('\0', '\u001f'))),
      arrayLiteral(entries.map((entry) => entry.position.toString())),
      arrayLiteral(entries.map((entry) => entry.happenedAt)),
      arrayLiteral(entries.map((entry) => entry.block?.chainId ?? null)),
      arrayLiteral(entries.map((entry) => entry.block?.number ?? null)),
      arrayLiteral(entries.map((entry) => entry.before)),
    ],
  };
}

/** Entries that one statement drops at most: a retention that was shortened must not hold up what follows the log. */
export const PRUNED_AT_ONCE = 20_000;

/**
 * Drops what happened before `since` (milliseconds since the epoch) and no reorg can take back any more, the oldest first and so
 * many of them. The states of the chain before what was dropped, and those between a change and the reorg that took it back,
 * cannot be read from then on.
 */
export function pruneJournal(
  session: Session,
  run: ProjectionRun,
  since: number,
  most = PRUNED_AT_ONCE,
): Promise<unknown> {
  return session.query({
    name: `prune-journal:${run.schema}`,
    text: `WITH old AS (
             SELECT ctid FROM ${run.schema}.journal
             WHERE happened_at < to_timestamp($2::bigint / 1000.0)
               AND (block_number IS NULL OR block_number <= ($3::jsonb ->> chain_id::text)::bigint)
             ORDER BY happened_at LIMIT $4
           ), gone AS (
             DELETE FROM ${run.schema}.journal j USING old WHERE j.ctid = old.ctid
             RETURNING j.chain_id, greatest(j.position, j.taken_back_at) AS position
           ), newest AS (
             SELECT chain_id, max(position) AS position FROM gone GROUP BY chain_id
           )
           UPDATE projections.builds b
           SET kept_from = greatest(b.kept_from, (SELECT position FROM newest WHERE chain_id IS NULL)),
             kept_from_of_chain = b.kept_from_of_chain || coalesce((
               SELECT jsonb_object_agg(chain_id::text,
                 greatest(position, (b.kept_from_of_chain ->> chain_id::text)::numeric)::text)
               FROM newest WHERE chain_id IS NOT NULL), '{}')
           WHERE b.id = $1 AND EXISTS (SELECT 1 FROM gone)`,
    values: [run.id, since, JSON.stringify(Object.fromEntries(run.finalized)), most],
  });
}

interface Taken {
  readonly table_name: string;
  readonly row_key: string[];
  readonly before: AnyRow | null;
}

/**
 * Brings every row that a block from `fromNumber` on changed back to what it was before those blocks: of each row the image of
 * its oldest such change. All changes must have been written before. The entries stay, marked with the position of the reorg:
 * they tell which states it took back. What the rows were until then becomes an entry of the reorg's own, so that also those
 * states can be read.
 */
export async function revertBlocks(
  session: Session,
  run: ProjectionRun,
  event: RecordedEvent,
  chainId: number,
  fromNumber: number,
): Promise<void> {
  const { rows } = await session.query<Taken>({
    text: `WITH taken AS (
             UPDATE ${run.schema}.journal SET taken_back_at = $3
             WHERE chain_id = $1 AND block_number >= $2 AND taken_back_at IS NULL
             RETURNING table_name, row_key, position, before
           )
           SELECT DISTINCT ON (table_name, row_key) table_name, row_key, before
           FROM taken ORDER BY table_name, row_key, position`,
    values: [chainId, fromNumber, event.position.toString()],
  });
  const tables = new Map(
    (run.projection.tables as readonly AnyTable[]).map((table) => [table.name as string, table]),
  );
  const taken = rows.flatMap(({ before, row_key, table_name }) => {
    const table = tables.get(table_name);
    if (table === undefined) return []; // a table that this version of the projection no longer has
    const row = before === null ? null : fromSelected(table, before);
    return [{ table, text: row_key.join('\0'), key: keyFromText(table, row_key.join('\0')), row }];
  });
  const stored = await storedRows(session, run.schema, taken);
  const changes = taken.map(({ key, table, text }) => {
    return { table, key, before: stored.get(table)?.get(text) ?? null };
  });
  run.journal.record(event, null, changes, chainId);
  for (const [index, { row, table, text }] of taken.entries())
    run.rows.restore(table, text, changes[index]?.before ?? null, row);
}
