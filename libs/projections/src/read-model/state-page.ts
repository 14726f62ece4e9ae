import { type RawBuilder, sql } from 'kysely';
import type { ReadModel } from './database.js';
import type { At } from './past-state.js';
import { notReadable, type ToldPast } from './at.js';
import { CursorExpiredError } from './errors.js';
import { momentOf, pastMoment, presentMoment, type Reads } from './moment.js';
import { decodeCursor, type Page, type PageRequest, rowsToSelect, type SortOrder, toPage } from './page.js';
import { Tables } from './tables.js';

/** A list whose rows may change their place, or come and go: all its pages are of the state that the first one was of. */
export interface StateList extends SortOrder {
  readonly reads: Reads;
}

export interface StatePage<Row, Node> {
  /** Null for a list that no chain changes. */
  readonly chainId: number | null;
  readonly page: PageRequest;
  /** The state that all pages are of; absent: that of now, for further pages the one of the first. */
  readonly at?: At | null | undefined;
  readonly query: (at: StateQuery) => RawBuilder<unknown>;
  readonly keyOf: (row: Row) => readonly (string | number)[];
  readonly nodeOf: (row: Row) => Node;
}

export interface StateQuery {
  readonly tables: Tables;
  /** The sort key of the last row seen; null on a first page. */
  readonly after: readonly string[] | null;
  /** Rows to select at most. */
  readonly limit: number;
}

interface Told extends ToldPast {
  readonly positions: string;
  /** Null where no row is listed. */
  readonly listed: true | null;
}

/**
 * A page of a state, in one statement: the state is found, or seen to be kept, in the snapshot that the rows are read in.
 * @throws InvalidCursorError, InvalidPageSizeError
 * @throws CursorExpiredError where the state can no longer be read, or the cursor is of another than asked for
 * @throws AsOfError AS_OF_NOT_KEPT where the state asked for can no longer be read, AS_OF_IN_FUTURE where the tables have not got there
 */
export async function readStatePage<Row, Node>(
  db: ReadModel,
  { reads, name, parts }: StateList,
  { at, chainId, page, query, keyOf, nodeOf }: StatePage<Row, Node>,
): Promise<Page<Node>> {
  const order: SortOrder = { name, parts: ['positions', ...parts] };
  const cursor = page.after ?? '';
  const [seen, ...after] = decodeCursor(order, page.after) ?? [];
  if (at && seen !== undefined && seen !== at.position) throw new CursorExpiredError(cursor);
  const positions = at?.position ?? seen;
  const moment = positions === undefined ? null : momentOf(reads, positions, cursor);
  const state =
    moment === null || positions === undefined
      ? presentMoment(reads)
      : pastMoment(moment, positions, { chainId, throughReorgs: Boolean(at) });
  const limit = rowsToSelect(page);
  const rows = query({
    tables: new Tables(reads, moment, at ?? null),
    after: seen === undefined ? null : after,
    limit,
  });
  const result = await sql<Row & Told>`
    SELECT state.kept, state.reached, state.latest, state.positions, listed.* FROM (${state}) state
    LEFT JOIN LATERAL (SELECT true AS listed, found.* FROM (${rows}) found) listed ON state.kept
  `.execute(db);
  if (result.rows[0]?.kept !== true) {
    throw at ? notReadable(at, result.rows[0]) : new CursorExpiredError(cursor);
  }
  return toPage(
    result.rows.filter(({ listed }) => listed === true),
    page,
    order,
    (row) => [row.positions, ...keyOf(row)],
    nodeOf,
  );
}
