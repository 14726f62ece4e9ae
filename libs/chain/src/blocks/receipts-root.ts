import type { Hash, HexData } from '@abland/domain';
import { keccak256 } from 'ethers';
import type { Log, Receipt } from './answers.js';
import { bytesOf, encodeRlp, numberBytes, quantityBytes, type Rlp } from './rlp.js';

/** Kinds of transactions whose receipts are encoded alike: legacy, EIP-2930, 1559, 4844, 7702. */
const KNOWN_TYPES: ReadonlySet<number> = new Set([0, 1, 2, 3, 4]);
/** A node of the trie that is shorter stands in its parent itself, not by its hash (yellow paper, appendix D). */
const HASHED_BYTES_MIN = 32;
const NOTHING = Buffer.alloc(0);

/** The root that a header has over these receipts, in the order of their transactions; null where one is of an unknown kind. */
export function receiptsRoot(receipts: readonly Receipt[]): Hash | null {
  const entries: Entry[] = [];
  for (const [index, receipt] of receipts.entries()) {
    const value = encodeReceipt(receipt);
    if (value === null) return null;
    entries.push({ path: nibblesOf(encodeRlp(numberBytes(index))), value });
  }
  return keccak256(encodeRlp(nodeOf(entries, 0)));
}

function encodeReceipt({ fields, logs }: Receipt): Uint8Array | null {
  const type = fields['type'] === undefined || fields['type'] === null ? 0 : Number(fields['type']);
  if (!KNOWN_TYPES.has(type)) return null;
  const outcome = quantityBytes(fields['status']) ?? bytesOf(fields['root']);
  const gas = quantityBytes(fields['cumulativeGasUsed']);
  const bloom = bytesOf(fields['logsBloom']);
  if (outcome === null || gas === null || bloom === null) return null;
  const body = encodeRlp([outcome, gas, bloom, logs.map(encodableLog)]);
  return type === 0 ? body : Buffer.concat([numberBytes(type), body]);
}

/** Its fields were read as whole bytes. */
const encodableLog = ({ address, data, topics }: Log): Rlp => [hex(address), topics.map(hex), hex(data)];
const hex = (digits: HexData): Uint8Array => Buffer.from(digits.slice(2), 'hex');

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
  return encoded.byteLength < HASHED_BYTES_MIN ? node : hex(keccak256(encoded));
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
