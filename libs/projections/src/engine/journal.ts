import type { Position, RecordedEvent } from '@abland/kernel';
import type { RowChange } from './row-set.js';
import type { AnyTable } from './table.js';
import { codeOf } from './table-code.js';
import type { AnyRow } from './values.js';

/** A block of a chain. */
export interface BlockPlace {
  readonly chainId: number;
  readonly number: number;
}

/** A row as it was before an event changed it. */
export interface JournalEntry {
  readonly table: string;
  readonly key: string;
  /** Of the event. */
  readonly position: Position;
  /** Milliseconds since the epoch: of a fact its block's time, of everything else when it was recorded. */
  readonly happenedAt: number;
  /** The block that a reorg takes the change back with; null for what none takes back. */
  readonly block: BlockPlace | null;
  /** JSON of the row; null: there was none. */
  readonly before: string | null;
}

/** What is kept, and up to where something is not. */
export interface Kept {
  readonly entries: readonly JournalEntry[];
  /** Of the newest entry of each chain that was let go; null for what is no chain's. */
  readonly letGo: ReadonlyMap<number | null, Position>;
}

interface Recorded {
  readonly table: AnyTable;
  readonly key: AnyRow;
  readonly position: Position;
  readonly happenedAt: number;
  readonly chainId: number | null;
  readonly block: BlockPlace | null;
  readonly row: AnyRow | null;
}

/** Entries of the batch in hand that are not written yet. */
export class Journal {
  private recorded: Recorded[] = [];
  /** How many of them were taken already. */
  private taken = 0;

  /**
   * @param block that the changes are taken back with
   * @param changes of one event, each row once
   * @param chainId whose rows they are; null for those that are no chain's
   */
  record(
    event: JournaledEvent,
    block: BlockPlace | null,
    changes: readonly RowChange[],
    chainId = block?.chainId ?? null,
  ): void {
    const { position } = event;
    const happenedAt = happenedAtOf(event);
    for (const { table, key, before: row } of changes) {
      this.recorded.push({ table, key, position, happenedAt, chainId, block, row });
    }
  }

  /** How many entries wait to be written, those that are let go then among them. */
  get size(): number {
    return this.recorded.length - this.taken;
  }

  /**
   * Keeps what a reorg may take back, and what happened no longer ago than `since` (milliseconds since the epoch), for
   * readers of the state before it. A chain's old history leaves nothing behind.
   * @param most that are looked at, the oldest first: those after them are left for the next time
   */
  take(since: number, isFinal: (block: BlockPlace) => boolean, most = Infinity): Kept {
    const entries: JournalEntry[] = [];
    const letGo = new Map<number | null, Position>();
    for (const { block, chainId, happenedAt, key, position, row, table } of this.takeRecorded(most)) {
      const mayBeTakenBack = block !== null && !isFinal(block);
      if (mayBeTakenBack || happenedAt >= since) {
        const { image, keyText } = codeOf(table);
        const before = row === null ? null : image(row);
        const place = { table: table.name as string, key: keyText(key) };
        entries.push({ ...place, position, happenedAt, block, before });
      } else letGo.set(chainId, position);
    }
    return { entries, letGo };
  }

  private takeRecorded(most: number): readonly Recorded[] {
    const { recorded, taken } = this;
    const end = taken + most;
    const isAll = end >= recorded.length;
    this.recorded = isAll ? [] : recorded;
    this.taken = isAll ? 0 : end;
    return taken === 0 && isAll ? recorded : recorded.slice(taken, end);
  }
}

export type JournaledEvent = Pick<RecordedEvent, 'position' | 'recordedAt' | 'metadata'>;

const happenedAtOf = ({ metadata, recordedAt }: JournaledEvent): number =>
  metadata.chain === undefined ? Date.parse(recordedAt) : metadata.chain.blockTime * 1_000;
