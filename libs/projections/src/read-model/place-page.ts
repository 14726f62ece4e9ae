import { type RawBuilder, sql } from 'kysely';
import type { ReadModel } from './database.js';
import { CursorExpiredError } from './errors.js';
import { decodeCursor, type Page, type PageRequest, rowsToSelect, type SortOrder, toPage } from './page.js';

/**
 * A cursor of a list of what logs told, by their places on the chain. Such rows never change, so the block's hash says that
 * the place, and with it everything before it, is still the one that was seen: a list can be read on after any time.
 */
const PARTS = ['int8', 'int8', 'text'] as const;

export const placeOrder = (name: string): SortOrder => ({ name, parts: PARTS });

export interface SeenPlace {
  readonly blockNumber: string;
  readonly logIndex: string;
  readonly blockHash: string;
}

/** The place in a cursor; null where there is none. @throws InvalidCursorError */
export function seenPlace(order: SortOrder, after: string | null | undefined): SeenPlace | null {
  const [blockNumber, logIndex, blockHash] = decodeCursor(order, after) ?? [];
  if (blockNumber === undefined || logIndex === undefined || blockHash === undefined) return null;
  return { blockNumber, logIndex, blockHash };
}

/** One row: whether the block of the place that was seen is still on the chain. */
export const stillThere = (chainId: number, seen: SeenPlace | null): RawBuilder<unknown> =>
  seen === null
    ? sql`SELECT true AS kept`
    : sql`SELECT EXISTS (
        SELECT 1 FROM read_model.blocks
        WHERE chain_id = ${chainId}::bigint AND number = ${seen.blockNumber}::bigint AND hash = ${seen.blockHash}) AS kept`;

/** The hash of a row's block. */
export const blockHashOf = (alias: string): RawBuilder<unknown> => sql`(
  SELECT b.hash FROM read_model.blocks b
  WHERE b.chain_id = ${sql.id(alias)}.chain_id AND b.number = ${sql.id(alias)}.block_number)`;

export interface PlacePage<Row, Node> {
  readonly chainId: number;
  readonly page: PageRequest;
  /** Selects rows with `chain_id`, `block_number` and `log_index`, newest first. */
  readonly query: (at: PlaceQuery) => RawBuilder<unknown>;
  readonly nodeOf: (row: Row) => Node;
}

export interface PlaceQuery {
  /** Whether a row is further than what was seen, by its columns block_number and log_index. */
  readonly older: RawBuilder<unknown>;
  readonly limit: number;
}

export interface PlaceRow {
  readonly block_number: string;
  readonly log_index: number;
}
export interface WithBlockHash extends PlaceRow {
  /** Null for a block of which not all was folded yet. */
  readonly block_hash: string | null;
}

export const placeKey = (row: WithBlockHash): readonly (string | number)[] => [
  row.block_number,
  row.log_index,
  row.block_hash ?? '',
];

/**
 * A page of a list of places, newest first.
 * @throws InvalidCursorError, InvalidPageSizeError
 * @throws CursorExpiredError where a reorg took back the place that the cursor names
 */
export async function readPlacePage<Row extends PlaceRow, Node>(
  db: ReadModel,
  order: SortOrder,
  { chainId, page, query, nodeOf }: PlacePage<Row, Node>,
): Promise<Page<Node>> {
  const seen = seenPlace(order, page.after);
  const older =
    seen === null
      ? sql`true`
      : sql`(block_number, log_index) < (${seen.blockNumber}::bigint, ${seen.logIndex}::bigint)`;
  const rows = query({ older, limit: rowsToSelect(page) });
  const result = await sql<Row & WithBlockHash & { kept: boolean; listed: true | null }>`
    SELECT state.kept, listed.* FROM (${stillThere(chainId, seen)}) state
    LEFT JOIN LATERAL (
      SELECT true AS listed, ${blockHashOf('found')} AS block_hash, found.* FROM (${rows}) found
    ) listed ON state.kept
    ORDER BY listed.block_number DESC, listed.log_index DESC
  `.execute(db);
  if (result.rows[0]?.kept !== true) throw new CursorExpiredError(page.after ?? '');
  const found = result.rows.filter(({ listed }) => listed === true);
  return toPage(found, page, order, placeKey, nodeOf);
}
