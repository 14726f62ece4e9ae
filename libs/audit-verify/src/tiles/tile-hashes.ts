import { malformed } from '../faults/proof-error.js';
import type { SubtreeHashes } from '../merkle/make-proof.js';
import type { Subtree } from '../merkle/subtrees.js';
import { HASH_BYTES, type TreeHasher } from '../merkle/tree-hasher.js';
import { TILE_HEIGHT, TILE_WIDTH } from './tile-path.js';

export interface TileAt {
  readonly level: number;
  readonly number: number;
}

/** Gives tiles as wide as they are known, in their order. */
export type Tiles = (tiles: readonly TileAt[]) => Promise<readonly Uint8Array[]>;

/** Hashes of subtrees, of the tiles that hold them or what they are made of; each tile is asked for once. */
export function subtreeHashes(tiles: Tiles, hasher: TreeHasher): SubtreeHashes {
  return async (subtrees) => {
    const places = subtrees.map(placeOf);
    const wanted = new Map(places.map(({ tile }) => [keyOf(tile), tile]));
    const found = await tiles([...wanted.values()]);
    const known = new Map([...wanted.keys()].map((key, at) => [key, found[at]]));
    return places.map(({ tile, from, count }) =>
      hashOfPart(known.get(keyOf(tile)) ?? new Uint8Array(), from, count, hasher),
    );
  };
}

interface Place {
  readonly tile: TileAt;
  /** The first of the tile's hashes that it is made of, and how many. */
  readonly from: number;
  readonly count: number;
}

function placeOf({ height, index }: Subtree): Place {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height % TILE_HEIGHT);
  const first = index * count;
  const number = Math.floor(first / TILE_WIDTH);
  return { tile: { level, number }, from: first % TILE_WIDTH, count };
}

const keyOf = ({ level, number }: TileAt): string => `${level}/${number}`;

/** The root over some of a tile's hashes, as many as a power of two. @throws ProofError MALFORMED where the tile has fewer */
export function hashOfPart(tile: Uint8Array, from: number, count: number, hasher: TreeHasher): Uint8Array {
  if ((from + count) * HASH_BYTES > tile.length) throw malformed('A tile is cut off');
  let hashes = Array.from({ length: count }, (_, at) => hashAt(tile, from + at));
  while (hashes.length > 1)
    hashes = Array.from({ length: hashes.length / 2 }, (_, at) =>
      hasher.node(hashes[2 * at] ?? tile, hashes[2 * at + 1] ?? tile),
    );
  return hashes[0] ?? hasher.empty;
}

export const hashAt = (tile: Uint8Array, at: number): Uint8Array =>
  tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
