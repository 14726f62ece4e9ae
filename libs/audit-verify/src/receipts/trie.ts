import { keccak_256 } from '@noble/hashes/sha3';
import { areEqual } from '../bytes/bytes.js';
import { ProofError } from '../faults/proof-error.js';
import { bytesOf, bytesOfNumber, decodeList, encodeRlp, listOf, type RlpItem } from './rlp.js';

const BRANCH_ITEMS = 17;
const HASH_BYTES = 32;

export const keccak = (bytes: Uint8Array): Uint8Array => keccak_256(bytes);

/**
 * What a Merkle Patricia trie (yellow paper, appendix D) has at an index, as headers have it over a block's receipts.
 * @param nodes from the root down, those that stand by their hash: each is used, and there is no other
 * @throws ProofError NOT_ON_CHAIN
 */
export function valueAt(root: Uint8Array, index: number, nodes: readonly Uint8Array[]): Uint8Array {
  const left = [...nodes];
  let path = nibblesOf(encodeRlp(Uint8Array.from(bytesOfNumber(index))));
  let node = nodeOf(root, left);
  for (;;) {
    if (node.length === BRANCH_ITEMS) {
      const [nibble, ...rest] = path;
      if (nibble === undefined) return done(bytesOf(node[BRANCH_ITEMS - 1]), left);
      [node, path] = [nodeOf(node[nibble], left), rest];
      continue;
    }
    const { ends, nibbles } = partOf(node);
    if (nibbles.some((nibble, at) => path[at] !== nibble)) throw notThere();
    path = path.slice(nibbles.length);
    if (ends) {
      if (path.length > 0) throw notThere();
      return done(bytesOf(node[1]), left);
    }
    node = nodeOf(node[1], left);
  }
}

function done(value: Uint8Array, left: readonly Uint8Array[]): Uint8Array {
  if (left.length > 0 || value.length === 0) throw notThere();
  return value;
}

/** A node that is named by its hash is the next one; a short one stands where it is named. */
function nodeOf(reference: RlpItem | undefined, left: Uint8Array[]): readonly RlpItem[] {
  if (reference !== undefined && !(reference instanceof Uint8Array)) return listOf(reference);
  const hash = bytesOf(reference);
  const next = hash.length === HASH_BYTES ? left.shift() : undefined;
  if (next === undefined || !areEqual(keccak(next), hash)) throw notThere();
  return decodeList(next);
}

/** Of a leaf or an extension: yellow paper, appendix C. */
function partOf(node: readonly RlpItem[]): { readonly nibbles: readonly number[]; readonly ends: boolean } {
  const all = node.length === 2 ? nibblesOf(bytesOf(node[0])) : [];
  const [flags = 0xf, second = 0] = all;
  const isOdd = flags % 2 === 1;
  if (flags > 3 || (!isOdd && second !== 0)) throw notThere();
  return { ends: flags >= 2, nibbles: all.slice(isOdd ? 1 : 2) };
}

const nibblesOf = (bytes: Uint8Array): readonly number[] =>
  [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
const notThere = (): ProofError =>
  new ProofError('NOT_ON_CHAIN', 'The path does not lead from the receipt to the root in the header');
