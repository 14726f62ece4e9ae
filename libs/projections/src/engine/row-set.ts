import { InvariantViolation } from '@abland/kernel';
import { BadEventError } from './errors.js';
import type { RowReference, Rows } from './projection.js';
import type { AnyTable, KeyOf, RowOf, TableOrigin } from './table.js';
import { Sums } from './sums.js';
import { type Entry, type TableChanges, TableRows } from './table-rows.js';
import { type AnyRow, keyFromText } from './values.js';

/** A handler asked for rows that were not fetched: they are fetched and the event handled from the start. */
export class RowNotLoaded extends Error {
  constructor(readonly references: readonly RowReference[]) {
    super(`Rows of ${references.map(({ table }) => table.name as string).join(', ')} are not loaded`);
  }
}

export interface RowChange {
  readonly table: AnyTable;
  /** Has the columns of its key, whatever else. */
  readonly key: AnyRow;
  /** The row before the event; null: none. */
  readonly before: AnyRow | null;
}

const NOTHING: readonly RowChange[] = [];

/** The rows of one projection that a batch needs, and those that it changed. Only its owner writes them, so they stay true. */
export class RowSet implements Rows {
  private readonly tables = new Map<AnyTable, TableRows>();
  /** Those that were asked for last: a handler reads a table, and then changes it. */
  private last: TableRows | null = null;
  private writable: TableOrigin | 'both' = 'both';
  /** Of the event in hand. */
  private event = 0;
  /** Of the rows that the event in hand changed, each once; the first `changes` of them, what follows is of events before. */
  private readonly changed: Entry[] = [];
  private readonly befores: (AnyRow | null)[] = [];
  private changes = 0;

  /**
   * @param complete every row of the tables is in memory (they are empty), so that what is not here is nowhere
   * @param sums told of each row that is to be written
   */
  constructor(
    private readonly complete = false,
    private readonly sums = new Sums([]),
  ) {}

  /** Whether every row is here of all tables that are read, so that nothing need be fetched. */
  get isComplete(): boolean {
    return this.complete && [...this.tables.values()].every(({ complete, isRead }) => complete || !isRead);
  }

  /** Starts an event's changes; `writable` is the kind of tables that the event may change. */
  begin(writable: TableOrigin | 'both'): void {
    this.keep();
    this.writable = writable;
  }

  /** Whether the event in hand changed anything. */
  get hasChanged(): boolean {
    return this.changes > 0;
  }

  /** Keeps the event's changes. */
  keep(): void {
    this.event += 1;
    this.changes = 0;
  }

  /** Keeps the event's changes and tells them, each row once. */
  commit(): readonly RowChange[] {
    const { befores, changed, changes } = this;
    this.keep();
    if (changes === 0) return NOTHING;
    return Array.from({ length: changes }, (_, index) => {
      const { key, rows } = changed[index] as Entry;
      return { table: rows.table, key, before: befores[index] ?? null };
    });
  }

  /** Takes back what an event changed since `begin`. */
  rollback(): void {
    for (let index = 0; index < this.changes; index += 1) {
      const entry = this.changed[index] as Entry;
      if (entry.cameBy === this.event) entry.rows.forget(entry);
      else entry.row = this.befores[index] ?? null;
    }
    this.keep();
  }

  get<T extends AnyTable>(table: T, key: KeyOf<T>): RowOf<T> | undefined {
    const rows = this.rowsOf(table);
    rows.isRead = true;
    const entry = rows.find(key);
    if (entry === undefined && !rows.isNowhere(key)) throw new RowNotLoaded([{ table, key }]);
    return (entry?.row ?? undefined) as RowOf<T> | undefined;
  }

  require<T extends AnyTable>(table: T, key: KeyOf<T>): RowOf<T> {
    const row = this.get(table, key);
    if (row === undefined) throw unknown(table, key);
    return row;
  }

  need(references: readonly RowReference[]): void {
    const missing = references.filter((reference) => !this.isLoaded(reference));
    if (missing.length > 0) throw new RowNotLoaded(missing);
  }

  put<T extends AnyTable>(table: T, row: RowOf<T>): void {
    const rows = this.rowsOf(table);
    this.change(rows, this.entryOf(rows, row as AnyRow), row as AnyRow);
  }

  patch<T extends AnyTable>(table: T, key: KeyOf<T>, changes: Partial<RowOf<T>>): RowOf<T> {
    const rows = this.rowsOf(table);
    const entry = this.entryOf(rows, key);
    if (entry.row === null) throw unknown(table, key);
    const row = rows.code.patched(entry.row, changes as AnyRow);
    this.change(rows, entry, row);
    return row as RowOf<T>;
  }

  insert<T extends AnyTable>(table: T, row: RowOf<T>): void {
    const rows = this.rowsOf(table);
    const known = rows.find(row as AnyRow);
    if (known !== undefined && known.row !== null) {
      const key = rows.code.keyText(row as AnyRow);
      throw new BadEventError('A second event of the same place', { table: table.name, key });
    }
    if (known !== undefined) return this.change(rows, known, row as AnyRow);
    this.requireWritable(table);
    rows.code.check(row as AnyRow, null);
    const entry = rows.place(row as AnyRow, this.event);
    this.note(entry, null);
    rows.touch(entry);
  }

  delete<T extends AnyTable>(table: T, key: KeyOf<T>): void {
    const rows = this.rowsOf(table);
    this.change(rows, this.entryOf(rows, key), null);
  }

  isLoaded(reference: RowReference): boolean {
    const rows = this.rowsOf(reference.table);
    rows.isRead = true;
    return rows.complete || rows.find(reference.key) !== undefined || rows.isNowhere(reference.key);
  }

  /** Takes in a row as it is stored; null: it is not. */
  load(table: AnyTable, key: AnyRow, row: AnyRow | null): void {
    this.rowsOf(table).add(key, row);
  }

  /** Sets a row to an earlier image of it, outside of any event. @param before as it is stored */
  restore(table: AnyTable, key: string, before: AnyRow | null, row: AnyRow | null): void {
    const rows = this.rowsOf(table);
    const keyRow = keyFromText(table, key);
    const entry = rows.find(keyRow) ?? rows.add(keyRow, row);
    rows.restore(entry, before, row);
  }

  /** Rows to write and keys to delete, of one table each; they count as written from now on. */
  takeChanges(): TableChanges[] {
    return [...this.eachChanges(Infinity)];
  }

  /** As `takeChanges`, of no more than so many rows at a time, each when it is asked for. Nothing may be changed meanwhile. */
  *eachChanges(rowsMax: number): Generator<TableChanges> {
    for (const rows of this.tables.values()) {
      while (rows.hasChanges) {
        const taken = rows.takeChanges(rowsMax);
        const { deletions, inserts, places, upserts } = taken;
        if ([deletions, inserts, places, upserts].some(({ length }) => length > 0)) yield taken;
      }
    }
  }

  /** How many rows of each table are here. */
  get sizes(): readonly number[] {
    return [...this.tables.values()].map(({ size }) => size);
  }

  /** Lets go of the rows that were changed longest ago, of tables that have more than so many; only with nothing left to write. */
  shrink(rowsOfATableMax: number): void {
    for (const rows of this.tables.values()) rows.shrink(rowsOfATableMax);
  }

  private entryOf(rows: TableRows, key: AnyRow): Entry {
    rows.isRead = true;
    const entry = rows.find(key);
    if (entry !== undefined) return entry;
    if (!rows.isNowhere(key)) throw new RowNotLoaded([{ table: rows.table, key }]);
    return rows.add(key, null);
  }

  private rowsOf(table: AnyTable): TableRows {
    if (this.last?.table === table) return this.last;
    const known = this.tables.get(table);
    this.last = known ?? new TableRows(table, this.complete, this.sums.over(table));
    if (known === undefined) this.tables.set(table, this.last);
    return this.last;
  }

  private change(rows: TableRows, entry: Entry, row: AnyRow | null): void {
    const before = entry.row;
    this.requireWritable(rows.table);
    if (row !== null) rows.code.check(row, before);
    if (entry.changedBy !== this.event) this.note(entry, before);
    entry.row = row;
    // The same, of a row that is kept anyway.
    if (row !== null) entry.key = row;
    rows.touch(entry);
  }

  private note(entry: Entry, before: AnyRow | null): void {
    entry.changedBy = this.event;
    this.changed[this.changes] = entry;
    this.befores[this.changes] = before;
    this.changes += 1;
  }

  private requireWritable(table: AnyTable): void {
    if (this.writable === 'both' || this.writable === table.origin) return;
    throw new InvariantViolation(
      `An event of origin ${this.writable} changes a table of origin ${table.origin}`,
      { table: table.name },
    );
  }
}

const unknown = (table: AnyTable, key: AnyRow): BadEventError =>
  new BadEventError('An event of something unknown', { table: table.name, key });
