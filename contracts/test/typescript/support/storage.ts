import {
  AbiCoder,
  concat,
  dataLength,
  encodeRlp,
  keccak256,
  stripZerosLeft,
  toBeHex,
  type RlpStructuredData,
} from 'ethers';

type Key = readonly ['address' | 'bytes32', string];

/** A contract's storage, as Solidity lays it out: what is 0 is not there. */
export class Storage {
  private readonly slots = new Map<string, bigint>();

  /** @param slot as `slotOf` gives it, or a number */
  set(slot: string | bigint, value: bigint): void {
    const place = toBeHex(slot, 32);
    if (value === 0n) this.slots.delete(place);
    else this.slots.set(place, value);
  }

  /** The root of the trie of all of it, as a block's state has it of an account: equal only where every slot is. */
  root(): string {
    const leaves = [...this.slots].map(([slot, value]) => ({
      path: keccak256(slot).slice(2),
      value: encodeRlp(stripZerosLeft(toBeHex(value))),
    }));
    return keccak256(encodeRlp(nodeOf(leaves, 0)));
  }
}

/** Where a mapping of mappings keeps the value of these keys. */
export function slotOf(slot: bigint, ...keys: readonly Key[]): string {
  const encode = (place: string, [type, key]: Key): string =>
    keccak256(AbiCoder.defaultAbiCoder().encode([type, 'bytes32'], [key, place]));
  return keys.reduce(encode, toBeHex(slot, 32));
}

/** Where the entries of a dynamic array begin. */
export const entriesOf = (slot: string): bigint => BigInt(keccak256(slot));

interface Leaf {
  /** Nibbles in hexadecimal that are left. */
  readonly path: string;
  readonly value: string;
}

/** A node of a Merkle Patricia trie (yellow paper, appendix D). */
function nodeOf(leaves: readonly Leaf[], depth: number): RlpStructuredData {
  const [first] = leaves;
  if (first === undefined) return '0x';
  if (leaves.length === 1) return [compact(first.path.slice(depth), true), first.value];
  let shared = depth;
  while (leaves.every(({ path }) => path[shared] === first.path[shared])) shared += 1;
  if (shared > depth)
    return [compact(first.path.slice(depth, shared), false), referenceTo(nodeOf(leaves, shared))];
  const branch = Array.from({ length: 16 }, (_, nibble) => {
    const below = leaves.filter(({ path }) => path[depth] === nibble.toString(16));
    return below.length === 0 ? '0x' : referenceTo(nodeOf(below, depth + 1));
  });
  return [...branch, '0x'];
}

function referenceTo(node: RlpStructuredData): RlpStructuredData {
  const encoded = encodeRlp(node);
  return dataLength(encoded) < 32 ? node : keccak256(encoded);
}

/** Nibbles with whether they end a path (appendix C). */
function compact(nibbles: string, ends: boolean): string {
  const flag = ends ? 2 : 0;
  return nibbles.length % 2 === 0 ? concat([`0x${flag}0`, `0x${nibbles}`]) : `0x${flag + 1}${nibbles}`;
}
