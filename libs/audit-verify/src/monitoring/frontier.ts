import { malformed } from '../faults/proof-error.js';
import { foldRight } from '../merkle/make-proof.js';
import { subtreesOf } from '../merkle/subtrees.js';
import type { TreeHasher } from '../merkle/tree-hasher.js';

/** What of a tree is needed to add leaves to it: the roots of the whole subtrees that it is made of, the largest first. */
export interface Frontier {
  readonly size: number;
  readonly roots: readonly Uint8Array[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, roots: [] };

/** The tree with leaves behind its last. */
export function withLeaves(
  { roots, size }: Frontier,
  leaves: readonly Uint8Array[],
  hasher: TreeHasher,
): Frontier {
  const stack = [...roots];
  leaves.forEach((leaf, at) => {
    let right = leaf;
    // As many subtrees become whole as the number of leaves before this one ends in ones.
    for (let before = size + at; before % 2 === 1; before = (before - 1) / 2)
      right = hasher.node(stack.pop() ?? leaf, right);
    stack.push(right);
  });
  return { size: size + leaves.length, roots: stack };
}

export const rootOf = ({ roots }: Frontier, hasher: TreeHasher): Uint8Array => foldRight(roots, hasher);

/** @throws ProofError MALFORMED where a tree of this size is made of another number of subtrees */
export function frontierOf(size: number, roots: readonly Uint8Array[]): Frontier {
  if (subtreesOf({ start: 0, end: size }).length === roots.length) return { size, roots };
  throw malformed('A tree of this size has another number of subtrees', 'frontier');
}
