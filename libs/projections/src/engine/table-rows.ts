import { KeyIndex } from './key-index.js';
import { KeysLetGo } from './keys-let-go.js';
import type { RowMoved } from './sums.js';
import type { AnyTable } from './table.js';
import { codeOf, type TableCode } from './table-code.js';
import type { AnyRow } from './values.js';

/** In the place of a stored row: another may be stored than the one that it was set to. */
export class Restored {
  constructor(readonly row: AnyRow | null) {}
}

/** One row of a table in memory. */
export class Entry {
  /** As it is stored, or was last taken to be written: what is another now is to be written. */
  written: AnyRow | null | Restored;
  /** Among those that were changed since they were taken last. */
  listed = false;
  /** By the number of an event: which has changed it last. */
  changedBy = -1;

  constructor(
    readonly rows: TableRows,
    /** Has the columns of its key, whatever else: a row of it, or what it was looked for by. */
    public key: AnyRow,
    /** Null: no such row. */
    public row: AnyRow | null,
    /** Put without being read. */
    public transient: boolean,
    /** Grows with each taking: when it was changed last, or came. */
    public usedAt: number,
    /** By the number of an event: which it came with; -1 where it was there, or was looked for and is not. */
    readonly cameBy: number,
  ) {
    this.written = transient ? null : row;
  }
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
  readonly code: TableCode;
  private readonly entries: KeyIndex<Entry>;
  private changed: Entry[] = [];
  /** How many of them were taken already. */
  private taken = 0;
  private takings = 0;
  /** How many of the entries are transient. */
  private transients = 0;
  /** Whether anybody has asked for one of its rows. */
  isRead = false;
  /** What was looked for last: a handler reads a row, and then puts it. */
  private last: Entry | null = null;

  /** Null where of rows that are not here it is not known which there are. */
  private letGo: KeysLetGo | null;
  private isAllHere: boolean;

  /** @param complete every row of the table is here, so that what is not is nowhere */
  constructor(
    readonly table: AnyTable,
    complete: boolean,
    private readonly moved: RowMoved | null = null,
  ) {
    this.code = codeOf(table);
    this.entries = new KeyIndex(this.code.key);
    this.letGo = complete ? new KeysLetGo() : null;
    this.isAllHere = complete;
  }

  /** Whether every row of the table is here. */
  get complete(): boolean {
    return this.isAllHere;
  }

  /** Whether it is known of a row that is not here that there is none. */
  isNowhere(key: AnyRow): boolean {
    return this.isAllHere || (this.letGo !== null && !this.letGo.mayHave(this.code.keyText(key)));
  }

  get size(): number {
    return this.entries.size;
  }

  find(key: AnyRow): Entry | undefined {
    const { last } = this;
    if (last !== null && this.code.key.isSame(last.key, key)) return last;
    const entry = this.entries.get(key);
    this.last = entry ?? null;
    return entry;
  }

  /** @param key has the columns of the key, and is kept */
  add(key: AnyRow, row: AnyRow | null): Entry {
    return this.keep(new Entry(this, key, row, false, this.takings, -1));
  }

  /**
   * A row that is put without being read, since nothing of its kind can be stored.
   * @param event by its number, with which it comes
   */
  place(row: AnyRow, event: number): Entry {
    this.transients += 1;
    return this.keep(new Entry(this, row, row, true, this.takings, event));
  }

  forget(entry: Entry): void {
    entry.row = null;
    entry.written = null;
    this.remove(entry);
    entry.transient = false;
  }

  /** Sets a row to an earlier one, whatever is stored by now. */
  restore(entry: Entry, before: AnyRow | null, row: AnyRow | null): void {
    this.moved?.(before, row);
    if (entry.transient) this.transients -= 1;
    entry.row = row;
    entry.written = new Restored(row);
    entry.transient = false;
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
    // Where nothing else is here they go together, once the last of them is taken.
    const goTogether = !this.isRead && this.transients === this.size;
    for (; this.taken < end; this.taken += 1) {
      const entry = changed[this.taken] as Entry;
      this.take(entry, taken);
      if (entry.transient && !goTogether) this.settle(entry);
    }
    if (end === changed.length) {
      if (goTogether && this.size > 0) this.removeAll();
      this.changed = [];
      this.taken = 0;
    }
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
      for (const entry of gone) this.remove(entry);
      excess -= gone.length;
    });
  }

  private keep(entry: Entry): Entry {
    this.entries.set(entry.key, entry);
    this.last = null;
    return entry;
  }

  private take(entry: Entry, { deletions, inserts, places, upserts }: TableChanges): void {
    const { row, written } = entry;
    entry.listed = false;
    entry.usedAt = this.takings;
    if (row === written) return;
    entry.written = row;
    if (this.moved !== null) this.moved(written instanceof Restored ? written.row : written, row);
    if (row === null) deletions.push(this.code.keyText(entry.key));
    else if (entry.transient) places.push(row);
    else if (written === null) inserts.push(row);
    else upserts.push(row);
  }

  /** What was put without being read is of no use once it is written, but where such rows are read later. */
  private settle(entry: Entry): void {
    if (!this.isRead) return this.remove(entry);
    entry.transient = false;
    this.transients -= 1;
  }

  /** Unless another has come in its place. */
  private remove(entry: Entry): void {
    this.last = null;
    if (this.entries.get(entry.key) !== entry) return;
    if (entry.transient) this.transients -= 1;
    this.entries.delete(entry.key);
    this.noteGone(entry);
  }

  private removeAll(): void {
    this.last = null;
    this.entries.clear();
    this.transients = 0;
    this.noteUnread();
  }

  private noteGone({ key, written }: Entry): void {
    if (written === null) return; // there is no such row
    if (!this.isRead) return this.noteUnread();
    this.isAllHere = false;
    if (this.letGo?.add(this.code.keyText(key)) === false) this.letGo = null;
  }

  /** Of what nobody has asked for yet nothing need be known: most tables that rows are only ever put into are never asked for one. */
  private noteUnread(): void {
    this.isAllHere = false;
    this.letGo = null;
  }
}
