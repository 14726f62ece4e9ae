import type { RecordedEvent } from '@abland/kernel';
import type { EventHandler, Projection, RowReference } from '../engine/projection.js';
import { RowNotLoaded, RowSet } from '../engine/row-set.js';
import type { AnyTable } from '../engine/table.js';
import { UndoBuffer, type UndoImage } from '../engine/undo-log.js';
import { type AnyRow, fromSelected, keyText } from '../engine/values.js';

/**
 * A projection's tables in memory: each event is handled and each reorg taken back as the engine does it, in batches of one
 * event, without a database.
 */
export class MemoryTables {
  private readonly tables: ReadonlyMap<AnyTable, Map<string, AnyRow>>;
  private readonly images = new Map<string, UndoImage>();
  /** Names of the tables that a handler read without having said so. */
  readonly readLate = new Set<string>();

  constructor(private readonly projection: Projection) {
    this.tables = new Map(projection.tables.map((table) => [table, new Map<string, AnyRow>()]));
  }

  /** What the handler refuses, and what is wrong with it, is thrown, and changes nothing. */
  tell(events: readonly RecordedEvent[]): this {
    for (const event of events) {
      if (event.type === 'BlocksReverted') this.takeBack(event);
      this.handle(event);
    }
    return this;
  }

  /** By key. */
  rowsOf(table: AnyTable): readonly AnyRow[] {
    return [...this.rowsByKey(table)].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  }

  private handle(event: RecordedEvent): void {
    const handlers = this.projection.handlers as Readonly<
      Record<string, EventHandler<RecordedEvent> | undefined>
    >;
    const handler = handlers[event.type];
    if (handler === undefined) return;
    const rows = new RowSet();
    for (const reference of handler.reads?.(event) ?? []) this.load(rows, reference);
    this.apply(handler, event, rows);
    for (const { table, upserts, deletions } of rows.takeChanges()) {
      for (const row of upserts) this.rowsByKey(table).set(keyText(table, row), row);
      for (const key of deletions) this.rowsByKey(table).delete(key);
    }
  }

  private apply(handler: EventHandler<RecordedEvent>, event: RecordedEvent, rows: RowSet): void {
    const block = blockOf(event);
    rows.begin(block === null ? 'log' : 'chain');
    try {
      handler.apply(event, rows);
    } catch (error) {
      if (!(error instanceof RowNotLoaded)) throw error;
      rows.rollback();
      this.readLate.add(error.reference.table.name as string);
      this.load(rows, error.reference);
      this.apply(handler, event, rows);
      return;
    }
    const undo = new UndoBuffer();
    const changes = rows.commit();
    if (block !== null) undo.record(chainIdOf(event), block, changes);
    for (const image of undo.take()) {
      const id = [image.chainId, image.blockNumber, image.table, image.key].join('/');
      if (!this.images.has(id)) this.images.set(id, image);
    }
  }

  private takeBack(event: RecordedEvent): void {
    const { fromNumber } = event.data as { readonly fromNumber: number };
    const taken = [...this.images]
      .filter(([, { chainId, blockNumber }]) => chainId === chainIdOf(event) && blockNumber >= fromNumber)
      .sort(([, one], [, other]) => other.blockNumber - one.blockNumber);
    // Newest block first: what a row was before the oldest one comes last, and stays.
    for (const [id, { table: name, key, before }] of taken) {
      this.images.delete(id);
      const table = this.projection.tables.find((one) => one.name === name) as AnyTable;
      if (before === null) this.rowsByKey(table).delete(key);
      else this.rowsByKey(table).set(key, fromSelected(table, JSON.parse(before) as AnyRow));
    }
  }

  private load(rows: RowSet, { table, key }: RowReference): void {
    const text = keyText(table, key);
    rows.load(table, text, this.rowsByKey(table).get(text) ?? null);
  }

  private rowsByKey(table: AnyTable): Map<string, AnyRow> {
    const rows = this.tables.get(table);
    if (rows === undefined) throw new Error(`${table.name as string} is no table of ${this.projection.name}`);
    return rows;
  }
}

const OF_NO_BLOCK = new Set(['BlocksReverted', 'BlocksFinalized']);

/** The block that a reorg takes the event back with; null for what none takes back. */
export const blockOf = (event: RecordedEvent): number | null =>
  OF_NO_BLOCK.has(event.type) ? null : (event.metadata.chain?.blockNumber ?? null);

const chainIdOf = ({ stream }: RecordedEvent): number => Number(stream.replace('chain-', ''));
