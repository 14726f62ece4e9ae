import { InvariantViolation } from '@abland/kernel';
import { BadEventError } from './errors.js';
import type { RowReference, Rows } from './projection.js';
import type { AnyTable, KeyOf, RowOf, TableOrigin } from './table.js';
import { type AnyRow, checkRow, keyText } from './values.js';

/** A handler asked for a row that was not fetched: it is fetched and the event handled from the start. */
export class RowNotLoaded extends Error {
  constructor(readonly reference: RowReference) {
    super(`A row of ${reference.table.name as string} is not loaded`);
  }
}

interface Entry {
  /** Null: no such row. */
  row: AnyRow | null;
  /** To be written. */
  dirty: boolean;
  /** Put without being read; of no use once written. */
  transient: boolean;
}

export interface RowChange {
  readonly table: AnyTable;
  readonly key: string;
  /** The row before the event; null: none. */
  readonly before: AnyRow | null;
}

interface JournalEntry extends RowChange {
  readonly existed: boolean;
  readonly dirty: boolean;
}

/** The rows of one projection that a batch needs, and those that it changed. Only its owner writes them, so they stay true. */
export class RowSet implements Rows {
  private readonly tables = new Map<AnyTable, Map<string, Entry>>();
  private journal: JournalEntry[] = [];
  /** Tables some of whose rows were written and let go. */
  private readonly incomplete = new Set<AnyTable>();
  private writable: TableOrigin | 'both' = 'both';

  /** @param complete every row of the tables is in memory (they are empty), so that what is not here is nowhere */
  constructor(private complete = false) {}

  /** Starts an event's changes; `writable` is the kind of tables that the event may change. */
  begin(writable: TableOrigin | 'both'): void {
    this.journal = [];
    this.writable = writable;
  }

  /** Keeps the event's changes and tells them, each row once. */
  commit(): readonly RowChange[] {
    const changes = this.journal;
    this.journal = [];
    return changes;
  }

  /** Takes back what an event changed since `begin`. */
  rollback(): void {
    for (const change of this.journal) {
      const rows = this.rowsOf(change.table);
      const entry = rows.get(change.key);
      if (entry === undefined) continue;
      if (change.existed) Object.assign(entry, { row: change.before, dirty: change.dirty });
      else rows.delete(change.key);
    }
    this.journal = [];
  }

  get<T extends AnyTable>(table: T, key: KeyOf<T>): RowOf<T> | undefined {
    return (this.entryOf(table, key).row ?? undefined) as RowOf<T> | undefined;
  }

  require<T extends AnyTable>(table: T, key: KeyOf<T>): RowOf<T> {
    const row = this.get(table, key);
    if (row === undefined)
      throw new BadEventError('An event of something unknown', { table: table.name, key });
    return row;
  }

  put<T extends AnyTable>(table: T, row: RowOf<T>): void {
    this.change(table, this.entryOf(table, row as AnyRow), row as AnyRow, row as AnyRow);
  }

  patch<T extends AnyTable>(table: T, key: KeyOf<T>, changes: Partial<RowOf<T>>): RowOf<T> {
    const row = { ...this.require(table, key), ...changes };
    this.put(table, row);
    return row;
  }

  insert<T extends AnyTable>(table: T, row: RowOf<T>): void {
    const rows = this.rowsOf(table);
    const key = keyText(table, row as AnyRow);
    const known = rows.get(key);
    if (known !== undefined && known.row !== null) {
      throw new BadEventError('A second event of the same place', { table: table.name, key });
    }
    const entry = known ?? { row: null, dirty: false, transient: true };
    this.change(table, entry, row as AnyRow, row as AnyRow, known !== undefined);
    rows.set(key, entry);
  }

  delete<T extends AnyTable>(table: T, key: KeyOf<T>): void {
    this.change(table, this.entryOf(table, key), null, key);
  }

  isLoaded(reference: RowReference): boolean {
    const { table, key } = reference;
    return this.isComplete(table) || this.rowsOf(table).has(keyText(table, key));
  }

  /** Takes in a row as it is stored; null: it is not. */
  load(table: AnyTable, key: string, row: AnyRow | null): void {
    this.rowsOf(table).set(key, { row, dirty: false, transient: false });
  }

  /** Sets a row to an earlier image of it, outside of any event. */
  restore(table: AnyTable, key: string, row: AnyRow | null): void {
    this.rowsOf(table).set(key, { row, dirty: true, transient: false });
  }

  /** Rows to write and keys to delete, a table each; they count as written from now on. */
  takeChanges(): { table: AnyTable; upserts: AnyRow[]; deletions: string[] }[] {
    const changes = [];
    for (const [table, rows] of this.tables) {
      const upserts: AnyRow[] = [];
      const deletions: string[] = [];
      for (const [key, entry] of rows) {
        if (!entry.dirty) continue;
        if (entry.row === null) deletions.push(key);
        else upserts.push(entry.row);
        entry.dirty = false;
        if (!entry.transient) continue;
        rows.delete(key);
        this.incomplete.add(table);
      }
      if (upserts.length + deletions.length > 0) changes.push({ table, upserts, deletions });
    }
    return changes;
  }

  /** Lets go of all rows where there are more than so many; only with nothing left to write. */
  shrink(rowsMax: number): void {
    let count = 0;
    for (const rows of this.tables.values()) count += rows.size;
    if (count <= rowsMax) return;
    this.tables.clear();
    this.complete = false;
  }

  private entryOf(table: AnyTable, key: AnyRow): Entry {
    const id = keyText(table, key);
    const entry = this.rowsOf(table).get(id);
    if (entry !== undefined) return entry;
    if (!this.isComplete(table)) throw new RowNotLoaded({ table, key });
    const absent: Entry = { row: null, dirty: false, transient: false };
    this.rowsOf(table).set(id, absent);
    return absent;
  }

  private isComplete(table: AnyTable): boolean {
    return this.complete && !this.incomplete.has(table);
  }

  private rowsOf(table: AnyTable): Map<string, Entry> {
    const known = this.tables.get(table);
    if (known !== undefined) return known;
    const rows = new Map<string, Entry>();
    this.tables.set(table, rows);
    return rows;
  }

  private change(table: AnyTable, entry: Entry, row: AnyRow | null, keyed: AnyRow, existed = true): void {
    if (this.writable !== 'both' && this.writable !== table.origin) {
      throw new InvariantViolation(
        `An event of origin ${this.writable} changes a table of origin ${table.origin}`,
        {
          table: table.name,
        },
      );
    }
    if (row !== null) checkRow(table, row);
    const key = keyText(table, keyed);
    if (!this.journal.some((change) => change.table === table && change.key === key)) {
      this.journal.push({ table, key, before: entry.row, existed, dirty: entry.dirty });
    }
    entry.row = row;
    entry.dirty = true;
  }
}
