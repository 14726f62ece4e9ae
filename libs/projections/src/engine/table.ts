import type { Columns, MemoryRow, SelectedRow } from './columns.js';

/**
 * Who changes a table. `chain`: only facts that lie in a block, so that a reorg takes the changes back. `log`: only what no
 * reorg takes back: events of aggregates, what is told of blocks (BlocksFinalized, BlocksReverted below it) and of messages (MessageParked). A
 * row never mixes both: two tables, joined in the query.
 */
export type TableOrigin = 'chain' | 'log';

export interface IndexDefinition {
  /** Unique among all read models. */
  readonly name: string;
  /** What follows `ON table` in CREATE INDEX: `(creator)`, `USING gin (name gin_trgm_ops)`. */
  readonly on: string;
}

export interface Table<C extends Columns = Columns, Key extends keyof C & string = keyof C & string> {
  readonly name: string;
  readonly origin: TableOrigin;
  readonly columns: C;
  /** The primary key. */
  readonly key: readonly Key[];
  readonly indexes: readonly IndexDefinition[];
  /**
   * The column that tells when the block of a row was, or began what it is counted in, where that follows from the key and the chain:
   * a state of the past has no row of later blocks. Not of a row that another branch may have in another block.
   */
  readonly born?: keyof C & string;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the only way to say "a table of whatever columns"
export type AnyTable = Table<any, any>;

export type RowOf<T extends AnyTable> = MemoryRow<T['columns']>;
export type KeyOf<T extends AnyTable> = Pick<RowOf<T>, T['key'][number]>;
export type SelectedRowOf<T extends AnyTable> = SelectedRow<T['columns']>;

export function defineTable<C extends Columns, Key extends keyof C & string>(
  table: Table<C, Key>,
): Table<C, Key> {
  return table;
}
