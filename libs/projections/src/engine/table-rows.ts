import type { AnyTable } from './table.js';
import { type AnyRow, keyColumnsOf, keyText } from './values.js';

/** In the place of a row: something may be stored. */
export const UNKNOWN = Symbol('something may be stored');

export interface Entry {
  readonly key: string;
  /** Null: no such row. */
  row: AnyRow | null;
  /** As it is stored, or was last taken to be written: what is another now is to be written. */
  written: AnyRow | null | typeof UNKNOWN;
  /** Among those that were changed since they were taken last. */
  listed: boolean;
  /** Put without being read; of no use once written. */
  transient: boolean;
}

/** A table's rows to write and keys to delete. */
export interface TableChanges {
  readonly table: AnyTable;
  /** Of which nothing is stored, as far as is known. */
  readonly inserts: AnyRow[];
  readonly upserts: AnyRow[];
  readonly deletions: string[];
}

const KEPT_PART = 0.75;

/** What is in memory of one table. */
export class TableRows {
  /** Those that were changed last come last. */
  private readonly entries = new Map<string, Entry>();
  private changed: Entry[] = [];
  /** What was looked for last: a handler reads a row, and then puts it. */
  private last: { readonly key: AnyRow; readonly entry: Entry } | null = null;
  private readonly keyColumns: readonly string[];

  /** @param complete every row of the table is here, so that what is not is nowhere */
  constructor(
    readonly table: AnyTable,
    public complete: boolean,
  ) {
    this.keyColumns = keyColumnsOf(table);
  }

  get size(): number {
    return this.entries.size;
  }

  keyOf(row: AnyRow): string {
    return keyText(this.table, row);
  }

  find(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  /** As `find`, by the columns of its key; adds one that is nowhere, where that is known. */
  lookUp(key: AnyRow): Entry | undefined {
    if (this.last !== null && this.isSame(this.last.key, key)) return this.last.entry;
    const text = this.keyOf(key);
    const entry = this.entries.get(text) ?? (this.complete ? this.add(text, null, false) : undefined);
    this.last = entry === undefined ? null : { key, entry };
    return entry;
  }

  private isSame(one: AnyRow, other: AnyRow): boolean {
    for (const name of this.keyColumns) if (one[name] !== other[name]) return false;
    return true;
  }

  /** @param transient it was put without being read, since nothing of its kind can be stored */
  add(key: string, row: AnyRow | null, transient: boolean): Entry {
    const entry = { key, row, written: transient ? null : row, listed: false, transient };
    this.entries.set(key, entry);
    this.last = null;
    return entry;
  }

  forget(entry: Entry): void {
    this.entries.delete(entry.key);
    this.last = null;
    entry.row = null;
    entry.written = null;
  }

  /** It may have to be written. */
  touch(entry: Entry): void {
    if (entry.listed) return;
    entry.listed = true;
    this.changed.push(entry);
  }

  /** What is to be written, which counts as written from now on. */
  takeChanges(): TableChanges {
    const taken: TableChanges = { table: this.table, inserts: [], upserts: [], deletions: [] };
    for (const entry of this.changed) {
      const { key, row, transient, written } = entry;
      entry.listed = false;
      if (row !== written) {
        entry.written = row;
        if (row === null) taken.deletions.push(key);
        else if (written === null) taken.inserts.push(row);
        else taken.upserts.push(row);
      }
      if (transient) this.letGo(key);
      else this.renew(entry);
    }
    this.changed = [];
    return taken;
  }

  /** Lets go of those that were changed longest ago; only with nothing left to write. */
  shrink(sizeMax: number): void {
    if (this.entries.size <= sizeMax) return;
    // Some more than need be, so that it is not to be done again with the next batch.
    const kept = Math.floor(sizeMax * KEPT_PART);
    for (const key of this.entries.keys()) {
      if (this.entries.size <= kept) return;
      this.letGo(key);
    }
  }

  private letGo(key: string): void {
    this.entries.delete(key);
    this.last = null;
    this.complete = false;
  }

  private renew(entry: Entry): void {
    if (!this.entries.delete(entry.key)) return; // taken back meanwhile
    this.entries.set(entry.key, entry);
  }
}
