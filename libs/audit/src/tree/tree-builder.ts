import {
  foldRight,
  hashAt,
  HASH_BYTES,
  hashesAtLevel,
  hashOfPart,
  TILE_WIDTH,
  type TreeHasher,
} from '@abland/audit-verify';
import type { Position } from '@abland/kernel';
import { TreeDamagedError } from '../failures/tree-errors.js';

/** Hashes as far as a tile has them. */
export interface Tile {
  readonly level: number;
  readonly number: number;
  readonly hashes: Buffer;
  /** Of the event before its first leaf's, 0 where there is none; null above the leaves. */
  readonly afterPosition: Position | null;
}

/** A tile that is not full: the last one of its level. */
interface OpenTile {
  number: number;
  width: number;
  afterPosition: Position | null;
  readonly hashes: Buffer;
  changed: boolean;
}

/** Grows a tree leaf by leaf, knowing no more of it than the last tile of each level. */
export class TreeBuilder {
  private readonly open: OpenTile[] = [];
  private filled: Tile[] = [];
  private count = 0;
  /** Of the last leaf's event. */
  private reached: Position = 0n;

  constructor(private readonly hasher: TreeHasher) {}

  /**
   * Goes on with a tree of a size.
   * @param last the tiles that are not full in a tree of this size
   * @param reached position of the last leaf's event
   * @throws TreeDamagedError where they are not those
   */
  static resume(size: number, last: readonly Tile[], reached: Position, hasher: TreeHasher): TreeBuilder {
    const builder = new TreeBuilder(hasher);
    builder.count = size;
    builder.reached = reached;
    for (let level = 0; hashesAtLevel(level, size) > 0; level += 1) {
      const count = hashesAtLevel(level, size);
      const [number, width] = [Math.floor(count / TILE_WIDTH), count % TILE_WIDTH];
      const tile = builder.at(level);
      tile.number = number;
      if (width === 0) continue;
      const stored = last.find((one) => one.level === level && one.number === number);
      if (stored === undefined || stored.hashes.length !== width * HASH_BYTES)
        throw new TreeDamagedError('A tile is missing or has another width', { level, number, width });
      stored.hashes.copy(tile.hashes);
      tile.width = width;
      tile.afterPosition = stored.afterPosition;
    }
    return builder;
  }

  get size(): number {
    return this.count;
  }

  /** @param position of the event that the leaf is of */
  append(leaf: Uint8Array, position: Position): void {
    this.count += 1;
    const tile = this.at(0);
    if (tile.width === 0) tile.afterPosition = this.reached;
    this.reached = position;
    this.add(0, leaf);
  }

  root(): Buffer {
    const peaks = this.open.toReversed().flatMap((tile) => this.peaksOf(tile));
    return Buffer.from(foldRight(peaks, this.hasher));
  }

  /** What became of tiles since it was asked last. */
  takeChanges(): readonly Tile[] {
    const grown = this.open.flatMap((tile, level) => {
      if (!tile.changed || tile.width === 0) return [];
      tile.changed = false;
      return [tileOf(tile, level)];
    });
    const changes = [...this.filled, ...grown];
    this.filled = [];
    return changes;
  }

  private add(level: number, hash: Uint8Array): void {
    const tile = this.at(level);
    tile.hashes.set(hash, tile.width * HASH_BYTES);
    tile.width += 1;
    tile.changed = true;
    if (tile.width < TILE_WIDTH) return;
    this.filled.push(tileOf(tile, level));
    tile.number += 1;
    tile.width = 0;
    this.add(level + 1, hashOfPart(tile.hashes, 0, TILE_WIDTH, this.hasher));
  }

  private at(level: number): OpenTile {
    return (this.open[level] ??= {
      ...{ number: 0, width: 0, afterPosition: null, changed: false },
      hashes: Buffer.alloc(TILE_WIDTH * HASH_BYTES),
    });
  }

  /** The largest whole subtrees of a tile, from left to right. */
  private peaksOf({ hashes, width }: OpenTile): readonly Uint8Array[] {
    const peaks: Uint8Array[] = [];
    let from = 0;
    for (let count = TILE_WIDTH / 2; count >= 1; count /= 2) {
      if (width - from < count) continue;
      peaks.push(count === 1 ? hashAt(hashes, from) : hashOfPart(hashes, from, count, this.hasher));
      from += count;
    }
    return peaks;
  }
}

const tileOf = ({ afterPosition, hashes, number, width }: OpenTile, level: number): Tile => ({
  ...{ level, number },
  hashes: Buffer.from(hashes.subarray(0, width * HASH_BYTES)),
  afterPosition: level === 0 ? afterPosition : null,
});
