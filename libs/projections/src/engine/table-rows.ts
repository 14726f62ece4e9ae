import { KeyIndex } from './key-index.js';
import type { RowMoved } from './sums.js';
import type { AnyTable } from './table.js';
import { type AnyRow, keyColumnsOf, keyText } from './values.js';

/** In the place of a stored row: another may be stored than the one that it was set to. */
export class Restored {
  constructor(readonly row: AnyRow | null) {}
}

export interface Entry {
  /** Has the columns of its key, whatever else: a row of it, or what it was looked for by. */
  key: AnyRow;
  /** Null: no such row. */
  row: AnyRow | null;
  /** As it is stored, or was last taken to be written: what is another now is to be written. */
  written: AnyRow | null | Restored;
  /** Among those that were changed since they were taken last. */
  listed: boolean;
  /** Put without being read; of no use once written. */
  transient: boolean;
  /** Grows with each taking: when it was changed last, or came. */
  usedAt: number;
}

/** A table's rows to write and keys to delete. */
export interface TableChanges {
  readonly table: AnyTable;
  /** Of which it is known that none is stored. */
  readonly inserts: AnyRow[];
  readonly upserts: AnyRow[];
  /** Rows whose keys are new by their nature, though nobody looked. */
  readonly places: AnyRow[];
  readonly deletions: string[];
}

const KEPT_PART = 0.75;

/** What is in memory of one table. */
export class TableRows {
  private readonly entries: KeyIndex<Entry>;
  private changed: Entry[] = [];
  /** How many of them were taken already. */
  private taken = 0;
  private takings = 0;
  /** Whether anybody has asked for one of its rows. */
  isRead = false;
  /** What was looked for last: a handler reads a row, and then puts it. */
  private last: Entry | null = null;
  private readonly keyColumns: readonly string[];

  /** @param complete every row of the table is here, so that what is not is nowhere */
  constructor(
    readonly table: AnyTable,
    public complete: boolean,
    private readonly moved: RowMoved | null = null,
  ) {
    this.keyColumns = keyColumnsOf(table);
    this.entries = new KeyIndex(this.keyColumns);
  }

  get size(): number {
    return this.entries.size;
  }

  find(key: AnyRow): Entry | undefined {
    const { last } = this;
    if (last !== null && this.isSame(last.key, key)) return last;
    const entry = this.entries.get(key);
    this.last = entry ?? null;
    return entry;
  }

  /**
   * @param row has the columns of the key, and is kept
   * @param transient it was put without being read, since nothing of its kind can be stored
   */
  add(row: AnyRow, present: AnyRow | null, transient: boolean): Entry {
    const written = transient ? null : present;
    const entry = { key: row, row: present, written, listed: false, transient, usedAt: this.takings };
    this.entries.set(row, entry);
    this.last = null;
    return entry;
  }

  forget(entry: Entry): void {
    this.letGo(entry);
    entry.row = null;
    entry.written = null;
  }

  /** Sets a row to an earlier one, whatever is stored by now. */
  restore(entry: Entry, before: AnyRow | null, row: AnyRow | null): void {
    this.moved?.(before, row);
    Object.assign(entry, { row, written: new Restored(row), transient: false });
    this.touch(entry);
  }

  /** It may have to be written. */
  touch(entry: Entry): void {
    if (entry.listed) return;
    entry.listed = true;
    this.changed.push(entry);
  }

  /** Whether something may have to be written. */
  get hasChanges(): boolean {
    return this.changed.length > 0;
  }

  /** What is to be written of the next so many rows that were changed, which counts as written from now on. */
  takeChanges(most: number): TableChanges {
    const { changed, table } = this;
    const taken: TableChanges = { table, inserts: [], upserts: [], places: [], deletions: [] };
    if (this.taken === 0) this.takings += 1;
    const end = Math.min(this.taken + most, changed.length);
    for (; this.taken < end; this.taken += 1) {
      const entry = changed[this.taken] as Entry;
      const { row, written } = entry;
      entry.listed = false;
      entry.usedAt = this.takings;
      if (row !== written) {
        entry.written = row;
        this.moved?.(written instanceof Restored ? written.row : written, row);
        if (row === null) taken.deletions.push(keyText(table, entry.key));
        else if (entry.transient) taken.places.push(row);
        else if (written === null) taken.inserts.push(row);
        else taken.upserts.push(row);
      }
      if (entry.transient) this.complete = !this.letGo(entry) && this.complete;
    }
    if (end === changed.length) [this.changed, this.taken] = [[], 0];
    return taken;
  }

  /** Lets go of those that were changed longest ago; only with nothing left to write. */
  shrink(sizeMax: number): void {
    if (this.size <= sizeMax) return;
    // Some more than need be, so that it is not to be done again with the next batch.
    let excess = this.size - Math.floor(sizeMax * KEPT_PART);
    // Counted rather than sorted: hundreds of thousands have come in a few takings.
    const byAge: Entry[][] = [];
    this.entries.forEach((entry) => (byAge[entry.usedAt] ??= []).push(entry));
    byAge.forEach((entries) => {
      const gone = entries.slice(0, Math.max(0, excess));
      for (const entry of gone) this.letGo(entry);
      excess -= gone.length;
    });
    this.complete = false;
  }

  /** Returns whether it was here: another may have come in its place. */
  private letGo(entry: Entry): boolean {
    this.last = null;
    return this.entries.get(entry.key) === entry && this.entries.delete(entry.key);
  }

  private isSame(one: AnyRow, other: AnyRow): boolean {
    for (const name of this.keyColumns) if (one[name] !== other[name]) return false;
    return true;
  }
}
