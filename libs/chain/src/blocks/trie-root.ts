import type { Hash } from '@abland/domain';
import { keccak, keccakHash } from './keccak.js';
import { numberBytes } from './provider-bytes.js';
import { encodeRlp, type Rlp } from './rlp.js';

/** A node of the trie that is shorter stands in its parent itself, not by its hash (yellow paper, appendix D). */
const HASHED_BYTES_MIN = 32;
const NOTHING = Buffer.alloc(0);

/**
 * The root of the Merkle Patricia trie that has each value at its index, as headers have it over a block's transactions and its receipts.
 * Made for this alone: all values are there at once, nothing is looked up or changed later, so nothing has to be kept by its hash.
 */
export function trieRoot(values: readonly Uint8Array[]): Hash {
  const entries = values.map((value, index) => ({ path: pathOf(index), value }));
  return keccakHash(encodeRlp(nodeOf(entries, 0)));
}

/**
 * The nodes that lead from that root to the value of an index, those that stand by their hash, each in its encoding. None where there is no
 * such index.
 */
export function trieProof(values: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  const entries = values.map((value, at) => ({ path: pathOf(at), value }));
  const path = pathOf(index);
  const nodes: Uint8Array[] = [];
  let depth = 0;
  for (let below = entries; below.length > 0;) {
    const encoded = encodeRlp(nodeOf(below, depth));
    if (nodes.length === 0 || encoded.byteLength >= HASHED_BYTES_MIN) nodes.push(encoded);
    if (below.length === 1) break;
    const shared = sharedDepth(below, depth);
    const isBranch = shared === depth;
    if (isBranch) below = below.filter((entry) => entry.path[depth] === path[depth]);
    depth = isBranch ? depth + 1 : shared;
  }
  return index < values.length ? nodes : [];
}

const PATHS_KEPT = 4_096;
const paths: (readonly number[])[] = [];

/** The same for the values of every block. */
function pathOf(index: number): readonly number[] {
  const path = paths[index] ?? nibblesOf(encodeRlp(numberBytes(index)));
  if (index < PATHS_KEPT) paths[index] = path;
  return path;
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
  const encoded = encodeRlp(node);
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
  const isOdd = nibbles.length % 2 === 1;
  const bytes = new Uint8Array(1 + (nibbles.length >> 1));
  bytes[0] = ((ends ? 2 : 0) << 4) | (isOdd ? 16 | (nibbles[0] ?? 0) : 0);
  for (let at = isOdd ? 1 : 0, to = 1; at < nibbles.length; at += 2, to += 1)
    bytes[to] = ((nibbles[at] ?? 0) << 4) | (nibbles[at + 1] ?? 0);
  return bytes;
}

function nibblesOf(bytes: Uint8Array): number[] {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
}
