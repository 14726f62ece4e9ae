import { areEqual } from '../bytes/bytes.js';
import { malformed, ProofError } from '../faults/proof-error.js';
import { HASH_BYTES, PORTABLE_HASHER, type TreeHasher } from './tree-hasher.js';

/** What a checkpoint says of a tree. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * That a leaf stands at its index in the tree: RFC 9162, section 2.1.3.2.
 * @throws ProofError NOT_INCLUDED, MALFORMED
 */
export function checkInclusion(
  leaf: { readonly index: number; readonly hash: Uint8Array },
  head: TreeHead,
  path: readonly Uint8Array[],
  hasher: TreeHasher = PORTABLE_HASHER,
): void {
  requireHashes([leaf.hash, head.root, ...path]);
  if (!(leaf.index >= 0 && leaf.index < head.size))
    throw new ProofError('NOT_INCLUDED', 'The entry is beyond the tree');
  let [place, last, hash] = [leaf.index, head.size - 1, leaf.hash];
  for (const sibling of path) {
    if (last === 0) throw new ProofError('NOT_INCLUDED', 'The path is longer than the tree is high');
    if (isOdd(place) || place === last) {
      hash = hasher.node(sibling, hash);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash = hasher.node(hash, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  if (last !== 0) throw new ProofError('NOT_INCLUDED', 'The path ends below the root');
  if (!areEqual(hash, head.root))
    throw new ProofError('NOT_INCLUDED', 'The path leads from the entry to another root');
}

/**
 * That the tree of an older checkpoint is the beginning of a newer one's: RFC 9162, section 2.1.4.2.
 * @throws ProofError INCONSISTENT, MALFORMED
 */
export function checkConsistency(
  older: TreeHead,
  newer: TreeHead,
  path: readonly Uint8Array[],
  hasher: TreeHasher = PORTABLE_HASHER,
): void {
  requireHashes([older.root, newer.root, ...path]);
  if (older.size > newer.size) throw inconsistent('The tree shrank');
  if (older.size === 0 || older.size === newer.size) {
    if (path.length > 0) throw inconsistent('Nothing has to be proved, and something is');
    const root = older.size === newer.size ? newer.root : hasher.empty;
    if (!areEqual(older.root, root)) throw inconsistent('Two roots of one size');
    return;
  }
  let [place, last] = [older.size - 1, newer.size - 1];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  const [first, ...rest] = place === 0 ? [older.root, ...path] : path;
  if (first === undefined) throw inconsistent('The proof is empty');
  let [oldRoot, newRoot] = [first, first];
  for (const hash of rest) {
    if (last === 0) throw inconsistent('The proof is longer than the tree is high');
    if (isOdd(place) || place === last) {
      oldRoot = hasher.node(hash, oldRoot);
      newRoot = hasher.node(hash, newRoot);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      newRoot = hasher.node(newRoot, hash);
    }
    [place, last] = [half(place), half(last)];
  }
  if (last !== 0) throw inconsistent('The proof ends below the root');
  if (!areEqual(oldRoot, older.root))
    throw inconsistent('The older tree is not the beginning of the newer one');
  if (!areEqual(newRoot, newer.root)) throw inconsistent('The proof leads to another root');
}

function requireHashes(hashes: readonly Uint8Array[]): void {
  if (hashes.some(({ length }) => length !== HASH_BYTES)) throw malformed('A hash has 32 bytes');
}

const inconsistent = (message: string): ProofError => new ProofError('INCONSISTENT', message);
const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;
