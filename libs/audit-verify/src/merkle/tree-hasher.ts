import { sha256 } from '@noble/hashes/sha256';

export const HASH_BYTES = 32;

export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** The hashes of RFC 6962, section 2.1, which set leaves and nodes apart by their first byte. */
export interface TreeHasher {
  readonly sha256: Sha256;
  /** Of the tree without leaves. */
  readonly empty: Uint8Array;
  leaf(entry: Uint8Array): Uint8Array;
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
}

const LEAF = 0x00;
const NODE = 0x01;

/** By any SHA-256: who hashes much takes their machine's own. */
export function treeHasher(hash: Sha256): TreeHasher {
  return {
    sha256: hash,
    empty: hash(new Uint8Array()),
    leaf(entry) {
      const bytes = new Uint8Array(1 + entry.length);
      bytes[0] = LEAF;
      bytes.set(entry, 1);
      return hash(bytes);
    },
    node(left, right) {
      const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
      bytes[0] = NODE;
      bytes.set(left, 1);
      bytes.set(right, 1 + HASH_BYTES);
      return hash(bytes);
    },
  };
}

/** Runs wherever JavaScript does. */
export const PORTABLE_HASHER = treeHasher(sha256);
