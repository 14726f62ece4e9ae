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

interface BlockImages {
  readonly chainId: number;
  readonly blockNumber: number;
  readonly images: Map<string, UndoImage>;
}

/** Images of the batch in hand that are not written yet. */
export class UndoBuffer {
  private readonly blocks = new Map<string, BlockImages>();

  /** Keeps the first image of each row and block: the one that leaving the block must bring back. */
  record(chainId: number, blockNumber: number, changes: readonly RowChange[]): void {
    const images = this.imagesOf(chainId, blockNumber);
    for (const { table, key, before } of changes) {
      if (table.origin !== 'chain') continue;
      const name = table.name as string;
      const id = `${name}/${key}`;
      if (images.has(id)) continue;
      const image = before === null ? null : toImage(before);
      images.set(id, { table: name, key, chainId, blockNumber, before: image });
    }
  }

  /** Lets go of what finality made needless. */
  prune(chainId: number, finalizedNumber: number): void {
    for (const [id, block] of this.blocks) {
      if (block.chainId === chainId && block.blockNumber <= finalizedNumber) this.blocks.delete(id);
    }
  }

  take(): readonly UndoImage[] {
    const images = [...this.blocks.values()].flatMap((block) => [...block.images.values()]);
    this.blocks.clear();
    return images;
  }

  private imagesOf(chainId: number, blockNumber: number): Map<string, UndoImage> {
    const id = `${chainId}/${blockNumber}`;
    const block = this.blocks.get(id) ?? { chainId, blockNumber, images: new Map<string, UndoImage>() };
    this.blocks.set(id, block);
    return block.images;
  }
}
