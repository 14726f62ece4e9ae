import { hash } from 'node:crypto';
import { splitPoint } from './subtrees.js';
import { treeHasher } from './tree-hasher.js';

/** The machine's own SHA-256: tests hash much. */
export const HASHER = treeHasher((bytes) => new Uint8Array(hash('sha256', bytes, 'buffer')));

/** RFC 6962, section 2.1, as it is written: to compare with. */
export function merkleTreeHash(leaves: readonly Uint8Array[]): Uint8Array {
  const [only = HASHER.empty] = leaves;
  if (leaves.length < 2) return only;
  const middle = splitPoint(leaves.length);
  return HASHER.node(merkleTreeHash(leaves.slice(0, middle)), merkleTreeHash(leaves.slice(middle)));
}

/** Gives hashes of subtrees of these leaves. */
export const hashesOf =
  (leaves: readonly Uint8Array[]) =>
  async (
    subtrees: readonly { readonly height: number; readonly index: number }[],
  ): Promise<readonly Uint8Array[]> =>
    subtrees.map(({ height, index }) =>
      merkleTreeHash(leaves.slice(index * 2 ** height, (index + 1) * 2 ** height)),
    );
