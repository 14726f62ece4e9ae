import type { AnyEvent, EventType } from '@abland/domain';
import type { ChainReference, RecordedEvent } from '@abland/kernel';
import { BadEventError } from './errors.js';
import type { Sum } from './sums.js';
import type { AnyTable, KeyOf, RowOf } from './table.js';

/** Names one row, which may not exist. */
export interface RowReference {
  readonly table: AnyTable;
  readonly key: Readonly<Record<string, unknown>>;
}

export const rowOf = <T extends AnyTable>(table: T, key: KeyOf<T>): RowReference => ({ table, key });

/**
 * What a handler sees of its projection's tables. Rows are values: a change is a new row. All changes of an event are kept
 * or, where its handler throws, none.
 */
export interface Rows {
  get<T extends AnyTable>(table: T, key: KeyOf<T>): RowOf<T> | undefined;
  /** @throws BadEventError where there is no such row */
  require<T extends AnyTable>(table: T, key: KeyOf<T>): RowOf<T>;
  /** Fetches what of these is not in memory at once, for a handler that knows them only by other rows. */
  need(references: readonly RowReference[]): void;
  put<T extends AnyTable>(table: T, row: RowOf<T>): void;
  /** Changes columns of a row that must exist; returns the new row. */
  patch<T extends AnyTable>(table: T, key: KeyOf<T>, changes: Partial<RowOf<T>>): RowOf<T>;
  /** Puts a row whose key is new by its nature (a log's place on the chain), so that it need not be read first. */
  insert<T extends AnyTable>(table: T, row: RowOf<T>): void;
  delete<T extends AnyTable>(table: T, key: KeyOf<T>): void;
}

type EventOf<Type extends EventType> = RecordedEvent<Extract<AnyEvent, { type: Type }>>;

/**
 * How one type of event changes the tables: pure, without a clock, and without the event's position, which another store
 * would number otherwise.
 */
export interface EventHandler<Event> {
  /** Rows that `apply` will read or change, fetched for a whole batch at once. One left out costs a round trip of its own. */
  readonly reads?: (event: Event) => readonly RowReference[];
  readonly apply: (event: Event, rows: Rows) => void;
}

export type Handlers = { readonly [Type in EventType]?: EventHandler<EventOf<Type>> };

export interface Projection {
  /** Stable: checkpoints are kept under it. */
  readonly name: string;
  /** Raised when handlers change what they write: the tables are then built anew from the log. */
  readonly version: number;
  /**
   * By version what it makes otherwise than the one before: `table` with all of its rows, or `table.column`. A build of it takes the
   * live one's place by itself only where nothing else differs; added and removed tables and columns need not be told.
   */
  readonly changes?: Readonly<Record<number, readonly string[]>>;
  readonly tables: readonly AnyTable[];
  readonly handlers: Handlers;
  /** Sides of equations that are held against what its handlers do. */
  readonly sums?: readonly Sum[];
}

export interface ChainPlace {
  readonly chainId: number;
  readonly blockNumber: number;
  readonly blockTime: number;
  readonly blockHash: string;
  readonly txHash: string;
  readonly logIndex: number;
  readonly commandId: string | null;
}

/**
 * Where a fact that a log stands for lies on the chain.
 * @throws BadEventError where the event does not say it
 */
export function chainPlaceOf({ metadata }: Pick<RecordedEvent, 'metadata'>): ChainPlace {
  const { chain } = metadata;
  if (chain === undefined || !isOfLog(chain)) {
    throw new BadEventError('A chain fact without its place on the chain');
  }
  return chain;
}

const isOfLog = (chain: ChainReference): chain is ChainPlace & ChainReference =>
  chain.txHash !== null && chain.logIndex !== null;
