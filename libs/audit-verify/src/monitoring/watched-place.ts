import type { TreeHead } from '../merkle/check-proof.js';
import type { SubtreeHashes } from '../merkle/make-proof.js';
import { HASH_BYTES, type TreeHasher } from '../merkle/tree-hasher.js';
import { subtreeHashes } from '../tiles/tile-hashes.js';
import { type TileName, widthInTree } from '../tiles/tile-path.js';
import { Finding } from './finding.js';

/** Where checkpoints of a log are told. All of its calls reject with a Finding where it does not answer, or too much. */
export interface CheckpointPlace {
  readonly url: string;
  /** A signed note. */
  checkpoint(): Promise<string>;
}

/** Where a log is served: C2SP tlog-tiles. */
export interface LogPlace extends CheckpointPlace {
  /** As wide as its name says, or else cut off. */
  tile(name: TileName): Promise<Uint8Array>;
  /** A bundle of entries; null while the place keeps them back, which it may do with the newest. */
  entries(name: TileName): Promise<Uint8Array | null>;
}

/** The hashes of a signed tree as a place serves them. @throws Finding WRONG_ANSWER where a tile has another length */
export const hashesOfTree = (place: LogPlace, head: TreeHead, hasher: TreeHasher): SubtreeHashes =>
  subtreeHashes(
    (tiles) =>
      Promise.all(tiles.map((tile) => wholeTile(place, { ...tile, width: widthInTree(tile, head.size) }))),
    hasher,
  );

export async function wholeTile(place: LogPlace, name: TileName): Promise<Uint8Array> {
  const tile = await place.tile(name);
  if (tile.length === name.width * HASH_BYTES) return tile;
  const told = `tile ${name.number} of level ${name.level}`;
  throw new Finding('WRONG_ANSWER', `${told} has ${tile.length} bytes, not ${name.width} hashes`, place.url);
}
