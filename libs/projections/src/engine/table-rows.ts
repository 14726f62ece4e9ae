import type { AnyTable } from './table.js';
import { type AnyRow, keyColumnsOf, keyText } from './values.js';

export interface Entry {
  readonly key: string;
  /** Null: no such row. */
  row: AnyRow | null;
  /** As it is stored, or was last taken to be written: what is another now is to be written. Absent: nothing is known of it. */
  written: AnyRow | null | undefined;
  /** Among those that were changed since they were taken last. */
  listed: boolean;
  /** Put without being read; of no use once written. */
  transient: boolean;
}

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

  /** @param transient it was put without being read, so that nothing is known of what is stored */
  add(key: string, row: AnyRow | null, transient: boolean): Entry {
    const entry = { key, row, written: transient ? undefined : row, listed: false, transient };
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
  takeChanges(): { table: AnyTable; upserts: AnyRow[]; deletions: string[] } {
    const upserts: AnyRow[] = [];
    const deletions: string[] = [];
    for (const entry of this.changed) {
      const { key, row, transient, written } = entry;
      entry.listed = false;
      if (row === written) continue;
      entry.written = row;
      if (row === null) deletions.push(key);
      else upserts.push(row);
      if (transient) this.letGo(key);
      else this.renew(entry);
    }
    this.changed = [];
    return { table: this.table, upserts, deletions };
  }

  /** Lets go of those that were changed longest ago; only with nothing left to write. */
  shrink(sizeMax: number): void {
    for (const key of this.entries.keys()) {
      if (this.entries.size <= sizeMax) return;
      this.letGo(key);
    }
  }

  private letGo(key: string): void {
    this.entries.delete(key);
    this.last = null;
    this.complete = false;
  }

  private renew(entry: Entry): void {
    this.entries.delete(entry.key);
    this.entries.set(entry.key, entry);
  }
}
