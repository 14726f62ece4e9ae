import type { Hash } from '@abland/domain';
import type { Log, Receipt } from './answers.js';
import { bytesOf, numberBytes, quantityBytes } from './provider-bytes.js';
import { encodeRlp, type Rlp } from './rlp.js';
import { trieRoot } from './trie-root.js';

/** Kinds of transactions whose receipts are encoded alike: legacy, EIP-2930, 1559, 4844, 7702. */
const KNOWN_TYPES: ReadonlySet<number> = new Set([0, 1, 2, 3, 4]);

/** The root that a header has over these receipts, in the order of their transactions; null where one is of an unknown kind. */
export function receiptsRoot(receipts: readonly Receipt[]): Hash | null {
  const encoded: Uint8Array[] = [];
  for (const receipt of receipts) {
    const value = encodeReceipt(receipt);
    if (value === null) return null;
    encoded.push(value);
  }
  return trieRoot(encoded);
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
const encodableLog = ({ address, data, topics }: Log): Rlp => [address, topics, data];
