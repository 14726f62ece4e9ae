import { InvalidCursorError, InvalidPageSizeError } from './errors.js';

export const PAGE_SIZE_MAX = 200;

/** A page of a Relay connection, forwards. */
export interface PageRequest {
  /** 1 to PAGE_SIZE_MAX. */
  readonly first: number;
  /** The cursor of the last item seen; absent: from the start. */
  readonly after?: string | null;
}

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Page<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** Kinds of the values in a cursor: they go into SQL, so a forged cursor must not reach it as something else. */
export type SortKeyPart = 'int8' | 'numeric' | 'text' | 'positions';

/** A list's order: its name keeps cursors of one order from being used with another. */
export interface SortOrder {
  readonly name: string;
  readonly parts: readonly SortKeyPart[];
}

const INTEGER = /^-?\d{1,100}$/;
const INT8_END = 2n ** 63n;
/** One position for all projections, or one for each; -1 where nothing was handled yet. */
const POSITIONS = /^(-1|\d{1,20})(,(-1|\d{1,20})){0,20}$/;

/** Whether PostgreSQL takes the text as a value of the kind: what it refuses would be an error of the server's. */
const FITS: Readonly<Record<SortKeyPart, (value: string) => boolean>> = {
  text: (value) => !value.includes('\0') && value.isWellFormed(),
  numeric: (value) => INTEGER.test(value),
  positions: (value) => POSITIONS.test(value),
  int8: (value) => INTEGER.test(value) && BigInt(value) < INT8_END && BigInt(value) >= -INT8_END,
};

export function encodeCursor(order: SortOrder, key: readonly string[]): string {
  return Buffer.from(JSON.stringify([order.name, ...key])).toString('base64url');
}

/**
 * What a cursor holds; null where there is none.
 * @throws InvalidCursorError
 */
export function decodeCursor(order: SortOrder, after: string | null | undefined): readonly string[] | null {
  if (after === null || after === undefined) return null;
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
  } catch {
    throw new InvalidCursorError(after);
  }
  if (!Array.isArray(decoded) || decoded.length !== order.parts.length + 1 || decoded[0] !== order.name) {
    throw new InvalidCursorError(after);
  }
  const key: unknown[] = decoded.slice(1);
  const fits = order.parts.every((part, index) => {
    const value = key[index];
    return typeof value === 'string' && FITS[part](value);
  });
  if (!fits) throw new InvalidCursorError(after);
  return key as string[];
}

/**
 * How many rows to select: one more than asked for tells whether there is a next page.
 * @throws InvalidPageSizeError
 */
export function rowsToSelect(page: PageRequest): number {
  if (!Number.isInteger(page.first) || page.first < 1 || page.first > PAGE_SIZE_MAX) {
    throw new InvalidPageSizeError(page.first, PAGE_SIZE_MAX);
  }
  return page.first + 1;
}

/** @param keyOf what the row's cursor holds, as the order's parts say */
export function toPage<Row, Node>(
  rows: readonly Row[],
  page: PageRequest,
  order: SortOrder,
  keyOf: (row: Row) => readonly (string | number)[],
  nodeOf: (row: Row) => Node,
): Page<Node> {
  const edges = rows.slice(0, page.first).map((row) => ({
    cursor: encodeCursor(order, keyOf(row).map(String)),
    node: nodeOf(row),
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.first,
      hasPreviousPage: page.after !== null && page.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
