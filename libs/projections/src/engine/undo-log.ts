import type { RowChange } from './row-set.js';
import { toImage } from './values.js';

/** A row of a chain-derived table as it was before its first change in a block. */
export interface UndoImage {
  readonly table: string;
  readonly key: string;
  readonly chainId: number;
  readonly blockNumber: number;
  /** JSON of the row; null: there was none. */
  readonly before: string | null;
}

/** Images of the batch in hand that are not written yet. */
export class UndoBuffer {
  private readonly images = new Map<string, UndoImage>();

  /** Keeps the first image of each row and block: the one that leaving the block must bring back. */
  record(chainId: number, blockNumber: number, changes: readonly RowChange[]): void {
    for (const { table, key, before } of changes) {
      if (table.origin !== 'chain') continue;
      const name = table.name as string;
      const id = `${chainId}/${blockNumber}/${name}/${key}`;
      if (this.images.has(id)) continue;
      const image = before === null ? null : toImage(table, before);
      this.images.set(id, { table: name, key, chainId, blockNumber, before: image });
    }
  }

  /** Lets go of what finality made needless. */
  prune(chainId: number, finalizedNumber: number): void {
    for (const [id, image] of this.images) {
      if (image.chainId === chainId && image.blockNumber <= finalizedNumber) this.images.delete(id);
    }
  }

  take(): readonly UndoImage[] {
    const images = [...this.images.values()];
    this.images.clear();
    return images;
  }
}
