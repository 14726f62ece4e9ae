import type { Hash } from '@abland/domain';
import { type Fields, typeOf } from '../rpc/reading.js';
import type { Log, Receipt } from './answers.js';
import { bytesOf, numberBytes, quantityBytes } from './provider-bytes.js';
import { encodeRlp, type Rlp } from './rlp.js';
import { trieRoot } from './trie-root.js';

/** Kinds of transactions whose receipts are encoded alike: legacy, EIP-2930, 1559, 4844, 7702; and those of Arbitrum (Nitro). */
const KNOWN_TYPES: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 0x64, 0x65, 0x66, 0x68, 0x69, 0x6a]);
/** Of the OP stack: what is deposited on the chain below. */
const DEPOSIT = 0x7e;

/**
 * The root that a header has over these receipts, in the order of their transactions; null where one lacks a field. Those of types that
 * are not known here are encoded as all others: where the root is the header's they are so, and where it is not that tells nothing.
 */
export function receiptsRoot(receipts: readonly Receipt[]): Hash | null {
  const encoded = encodeReceipts(receipts);
  return encoded === null ? null : trieRoot(encoded);
}

/** What its trie is made of; null where one lacks a field. */
export function encodeReceipts(receipts: readonly Receipt[]): readonly Uint8Array[] | null {
  const encoded: Uint8Array[] = [];
  for (const receipt of receipts) {
    const value = encodeReceipt(receipt);
    if (value === null) return null;
    encoded.push(value);
  }
  return encoded;
}

/** Whether it is known how a receipt of its type is encoded. */
export const isOfKnownType = ({ fields }: Receipt): boolean =>
  KNOWN_TYPES.has(typeOf(fields)) || depositFields(fields).length > 0;

function encodeReceipt({ fields, logs }: Receipt): Uint8Array | null {
  const type = typeOf(fields);
  if (!Number.isInteger(type) || type < 0 || type > 0x7f) return null;
  const outcome = quantityBytes(fields['status']) ?? bytesOf(fields['root']);
  const gas = quantityBytes(fields['cumulativeGasUsed']);
  const bloom = bytesOf(fields['logsBloom']);
  if (outcome === null || gas === null || bloom === null) return null;
  const body = encodeRlp([outcome, gas, bloom, logs.map(encodableLog), ...depositFields(fields)]);
  return type === 0 ? body : Buffer.concat([numberBytes(type), body]);
}

/** Since Canyon: op-geth, `Receipts.EncodeIndex`. */
function depositFields(fields: Fields): readonly Rlp[] {
  const nonce = quantityBytes(fields['depositNonce']);
  const version = quantityBytes(fields['depositReceiptVersion']);
  return typeOf(fields) === DEPOSIT && nonce !== null && version !== null ? [nonce, version] : [];
}

/** Its fields were read as whole bytes. */
const encodableLog = ({ address, data, topics }: Log): Rlp => [address, topics, data];
