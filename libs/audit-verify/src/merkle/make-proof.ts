import { malformed } from '../faults/proof-error.js';
import { type LeafRange, splitPoint, type Subtree, subtreesOf } from './subtrees.js';
import type { TreeHasher } from './tree-hasher.js';

/** Gives hashes of subtrees, in their order. */
export type SubtreeHashes = (subtrees: readonly Subtree[]) => Promise<readonly Uint8Array[]>;

/** Which ranges' hashes prove that a leaf is in the tree of a size: RFC 6962, section 2.1.1. @throws ProofError MALFORMED */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (!isCount(index) || !isCount(size) || index >= size) throw malformed('The tree has no such leaf');
  const path: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    path.push(index < middle ? { start: middle, end } : { start, end: middle });
    if (index < middle) end = middle;
    else start = middle;
  }
  return path.reverse();
}

/** Which ranges' hashes prove that a tree is the beginning of another: RFC 6962, section 2.1.2. @throws ProofError MALFORMED */
export function consistencyRanges(oldSize: number, size: number): readonly LeafRange[] {
  if (!isCount(oldSize) || !isCount(size) || oldSize > size) throw malformed('A tree does not shrink');
  if (oldSize === 0 || oldSize === size) return [];
  const path: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end !== oldSize) {
    const middle = start + splitPoint(end - start);
    path.push(oldSize <= middle ? { start: middle, end } : { start, end: middle });
    if (oldSize <= middle) end = middle;
    else start = middle;
  }
  // Where the old tree is one whole side, whoever checks has its root.
  if (start > 0) path.push({ start, end });
  return path.reverse();
}

/** The hash of each range, of hashes that are known. */
export async function hashRanges(
  ranges: readonly LeafRange[],
  hashes: SubtreeHashes,
  hasher: TreeHasher,
): Promise<readonly Uint8Array[]> {
  const parts = ranges.map(subtreesOf);
  const known = await hashes(parts.flat());
  let next = 0;
  return parts.map((part) => {
    const own = known.slice(next, next + part.length);
    next += part.length;
    return foldRight(own, hasher);
  });
}

/** The root of the tree of a size. */
export async function treeRoot(size: number, hashes: SubtreeHashes, hasher: TreeHasher): Promise<Uint8Array> {
  const [root = hasher.empty] = await hashRanges([{ start: 0, end: size }], hashes, hasher);
  return root;
}

/** Of subtrees from left to right, each smaller than the one before: the last two are joined first. */
export function foldRight(hashes: readonly Uint8Array[], hasher: TreeHasher): Uint8Array {
  const [last, ...before] = hashes.toReversed();
  if (last === undefined) return hasher.empty;
  return before.reduce((right, left) => hasher.node(left, right), last);
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
