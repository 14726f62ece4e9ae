import type { RecordedEvent } from '@abland/kernel';
import { blockOf, chainIdOf } from '../engine/chain-facts.js';
import type { EventHandler, Projection, RowReference } from '../engine/projection.js';
import type { BlockPlace } from '../engine/journal.js';
import { type RowChange, RowNotLoaded, RowSet } from '../engine/row-set.js';
import type { AnyTable } from '../engine/table.js';
import { keyText } from '../engine/table-code.js';
import type { AnyRow } from '../engine/values.js';

/**
 * A projection's tables in memory: each event is handled and each reorg taken back as the engine does it, in batches of one
 * event, without a database.
 */
export class MemoryTables {
  private readonly tables: ReadonlyMap<AnyTable, Map<string, AnyRow>>;
  /** Changes that a reorg may take back, oldest first. */
  private changes: (RowChange & { readonly block: BlockPlace })[] = [];
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
    for (const { deletions, inserts, places, table, upserts } of rows.takeChanges()) {
      for (const row of [...inserts, ...places, ...upserts])
        this.rowsByKey(table).set(keyText(table, row), row);
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
      for (const reference of error.references) {
        this.readLate.add(reference.table.name as string);
        this.load(rows, reference);
      }
      this.apply(handler, event, rows);
      return;
    }
    const changes = rows.commit();
    if (block === null) return;
    this.changes.push(...changes.map((change) => ({ ...change, block })));
  }

  private takeBack(event: RecordedEvent): void {
    const { fromNumber } = event.data as { readonly fromNumber: number };
    const chainId = chainIdOf(event);
    const isTaken = ({ block }: { readonly block: BlockPlace }): boolean =>
      block.chainId === chainId && block.number >= fromNumber;
    const taken = this.changes.filter(isTaken);
    this.changes = this.changes.filter((change) => !isTaken(change));
    // Newest first: what a row was before the oldest change comes last, and stays.
    for (const { table, key, before } of taken.reverse()) {
      const text = keyText(table, key);
      if (before === null) this.rowsByKey(table).delete(text);
      else this.rowsByKey(table).set(text, before);
    }
  }

  private load(rows: RowSet, { table, key }: RowReference): void {
    rows.load(table, key, this.rowsByKey(table).get(keyText(table, key)) ?? null);
  }

  private rowsByKey(table: AnyTable): Map<string, AnyRow> {
    const rows = this.tables.get(table);
    if (rows === undefined) throw new Error(`${table.name as string} is no table of ${this.projection.name}`);
    return rows;
  }
}
