import type { Hash, HexData } from '@abland/domain';
import { encodeRlp, getBytes, keccak256, type RlpStructuredDataish } from 'ethers';
import type { Receipt } from './answers.js';
import { encodable } from './header-hash.js';

/** Kinds of transactions whose receipts are encoded alike: legacy, EIP-2930, 1559, 4844, 7702. */
const KNOWN_TYPES: ReadonlySet<number> = new Set([0, 1, 2, 3, 4]);
/** A node of the trie that is shorter stands in its parent itself, not by its hash (yellow paper, appendix D). */
const HASHED_BYTES_MIN = 32;

/** The root that a header has over these receipts, in the order of their transactions; null where one is of an unknown kind. */
export function receiptsRoot(receipts: readonly Receipt[]): Hash | null {
  const entries: Entry[] = [];
  for (const [index, receipt] of receipts.entries()) {
    const value = encodeReceipt(receipt);
    if (value === null) return null;
    entries.push({
      path: nibblesOf(encodeRlp(encodable(`0x${index.toString(16)}`, 'quantity') ?? '0x')),
      value,
    });
  }
  return orderedRoot(entries);
}

function encodeReceipt({ fields, logs }: Receipt): HexData | null {
  const type = fields['type'] === undefined || fields['type'] === null ? 0 : Number(fields['type']);
  if (!KNOWN_TYPES.has(type)) return null;
  const outcome = encodable(fields['status'], 'quantity') ?? encodable(fields['root'], 'bytes');
  const gas = encodable(fields['cumulativeGasUsed'], 'quantity');
  const bloom = encodable(fields['logsBloom'], 'bytes');
  if (outcome === null || gas === null || bloom === null) return null;
  const body = encodeRlp([
    outcome,
    gas,
    bloom,
    logs.map(({ address, data, topics }) => [address, [...topics], data]),
  ]);
  return type === 0 ? body : `0x${type.toString(16).padStart(2, '0')}${body.slice(2)}`;
}

interface Entry {
  readonly path: readonly number[];
  readonly value: HexData;
}

/** Root of the Merkle Patricia trie of entries, none of whose paths begins with another's. */
function orderedRoot(entries: readonly Entry[]): Hash {
  return keccak256(encodeRlp(entries.length === 0 ? '0x' : nodeOf(entries, 0)));
}

function nodeOf(entries: readonly Entry[], depth: number): RlpStructuredDataish {
  const [first] = entries;
  if (first === undefined) return '0x';
  if (entries.length === 1) return [compact(first.path.slice(depth), true), first.value];
  const shared = sharedDepth(entries, depth);
  if (shared > depth)
    return [compact(first.path.slice(depth, shared), false), referenceTo(nodeOf(entries, shared))];
  const children = Map.groupBy(entries, ({ path }) => path[depth] ?? 0);
  const branch = Array.from({ length: 16 }, (_, nibble) => {
    const below = children.get(nibble);
    return below === undefined ? '0x' : referenceTo(nodeOf(below, depth + 1));
  });
  return [...branch, '0x'];
}

function referenceTo(node: RlpStructuredDataish): RlpStructuredDataish {
  const encoded = encodeRlp(node);
  return encoded.length < 2 + 2 * HASHED_BYTES_MIN ? node : keccak256(encoded);
}

/** The depth to which all paths are the same. */
function sharedDepth(entries: readonly Entry[], depth: number): number {
  const path = entries[0]?.path ?? [];
  let shared = depth;
  while (shared < path.length && entries.every((entry) => entry.path[shared] === path[shared])) shared += 1;
  return shared;
}

/** Nibbles as bytes, with whether they end a path (yellow paper, appendix C). */
function compact(nibbles: readonly number[], ends: boolean): HexData {
  const flag = ends ? 2 : 0;
  const all = nibbles.length % 2 === 0 ? [flag, 0, ...nibbles] : [flag + 1, ...nibbles];
  return `0x${all.map((nibble) => nibble.toString(16)).join('')}`;
}

function nibblesOf(hex: HexData): number[] {
  return [...getBytes(hex)].flatMap((byte) => [byte >> 4, byte & 15]);
}
