import { ProofError } from '../faults/proof-error.js';
import { checkConsistency, type TreeHead } from '../merkle/check-proof.js';
import { consistencyRanges, hashRanges, type SubtreeHashes, treeRoot } from '../merkle/make-proof.js';
import type { TreeHasher } from '../merkle/tree-hasher.js';

/** REWRITTEN: the newer tree begins otherwise, beyond doubt. OTHER_TILES: the hashes are not those of the newer tree, and show nothing. */
export type Growth = 'CONTINUES' | 'REWRITTEN' | 'OTHER_TILES';

/**
 * Whether a newer tree, which is not smaller, continues an older one.
 * @param hashes of the newer one
 */
export async function judgeGrowth(
  older: TreeHead,
  newer: TreeHead,
  hashes: SubtreeHashes,
  hasher: TreeHasher,
): Promise<Growth> {
  const path = await hashRanges(consistencyRanges(older.size, newer.size), hashes, hasher);
  if (isConsistent(older, newer, path, hasher)) return 'CONTINUES';
  if (older.size === newer.size || older.size === 0) return 'REWRITTEN';
  // Where the same hashes prove another beginning, it is the newer tree that says so, and not they alone.
  const begins = { size: older.size, root: await treeRoot(older.size, hashes, hasher) };
  return isConsistent(begins, newer, path, hasher) ? 'REWRITTEN' : 'OTHER_TILES';
}

function isConsistent(
  older: TreeHead,
  newer: TreeHead,
  path: readonly Uint8Array[],
  hasher: TreeHasher,
): boolean {
  try {
    checkConsistency(older, newer, path, hasher);
    return true;
  } catch (error) {
    if (error instanceof ProofError && error.fault === 'INCONSISTENT') return false;
    throw error;
  }
}
