import type { Hash } from '@abland/domain';
import { RLP } from '@ethereumjs/rlp';
import { keccak, keccakHash } from './keccak.js';
import { numberBytes } from './provider-bytes.js';

/** A node of the trie that is shorter stands in its parent itself, not by its hash (yellow paper, appendix D). */
const HASHED_BYTES_MIN = 32;
const NOTHING = Buffer.alloc(0);

/** Bytes, or a list of such. */
type Rlp = Uint8Array | Rlp[];

/**
 * The root of the Merkle Patricia trie that has each value at its index, as headers have it over a block's transactions and its receipts.
 * Made for this alone: all values are there at once, nothing is looked up or changed later, so nothing has to be kept by its hash.
 */
export function trieRoot(values: readonly Uint8Array[]): Hash {
  const entries = values.map((value, index) => ({ path: nibblesOf(RLP.encode(numberBytes(index))), value }));
  return keccakHash(RLP.encode(nodeOf(entries, 0)));
}

interface Entry {
  readonly path: readonly number[];
  readonly value: Uint8Array;
}

/** A node of the Merkle Patricia trie of entries, none of whose paths begins with another's. */
function nodeOf(entries: readonly Entry[], depth: number): Rlp {
  const [first] = entries;
  if (first === undefined) return NOTHING;
  if (entries.length === 1) return [compact(first.path.slice(depth), true), first.value];
  const shared = sharedDepth(entries, depth);
  if (shared > depth)
    return [compact(first.path.slice(depth, shared), false), referenceTo(nodeOf(entries, shared))];
  const children = Map.groupBy(entries, ({ path }) => path[depth] ?? 0);
  const branch = Array.from({ length: 16 }, (_, nibble) => {
    const below = children.get(nibble);
    return below === undefined ? NOTHING : referenceTo(nodeOf(below, depth + 1));
  });
  return [...branch, NOTHING];
}

function referenceTo(node: Rlp): Rlp {
  const encoded = RLP.encode(node);
  return encoded.byteLength < HASHED_BYTES_MIN ? node : keccak(encoded);
}

/** The depth to which all paths are the same. */
function sharedDepth(entries: readonly Entry[], depth: number): number {
  const path = entries[0]?.path ?? [];
  let shared = depth;
  while (shared < path.length && entries.every((entry) => entry.path[shared] === path[shared])) shared += 1;
  return shared;
}

/** Nibbles as bytes, with whether they end a path (yellow paper, appendix C). */
function compact(nibbles: readonly number[], ends: boolean): Uint8Array {
  const flag = ends ? 2 : 0;
  const all = nibbles.length % 2 === 0 ? [flag, 0, ...nibbles] : [flag + 1, ...nibbles];
  return Buffer.from(all.map((nibble) => nibble.toString(16)).join(''), 'hex');
}

function nibblesOf(bytes: Uint8Array): number[] {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
}
