import type { Hash, HexData } from '@abland/domain';
import type { Fields } from '../rpc/reading.js';
import { keccakHash } from './keccak.js';
import { bytesOf, quantityBytes } from './provider-bytes.js';
import { encodeRlp } from './rlp.js';

type Kind = 'bytes' | 'quantity';

/** The fields of a header in the order of their encoding (yellow paper, 4.4), up to Paris. */
const ALWAYS: readonly (readonly [name: string, kind: Kind])[] = [
  ['parentHash', 'bytes'],
  ['sha3Uncles', 'bytes'],
  ['miner', 'bytes'],
  ['stateRoot', 'bytes'],
  ['transactionsRoot', 'bytes'],
  ['receiptsRoot', 'bytes'],
  ['logsBloom', 'bytes'],
  ['difficulty', 'quantity'],
  ['number', 'quantity'],
  ['gasLimit', 'quantity'],
  ['gasUsed', 'quantity'],
  ['timestamp', 'quantity'],
  ['extraData', 'bytes'],
  ['mixHash', 'bytes'],
  ['nonce', 'bytes'],
];
/** Added since, each only together with those before it: EIP-1559, 4895, 4844 (two), 4788, 7685. */
const SINCE: readonly (readonly [name: string, kind: Kind])[] = [
  ['baseFeePerGas', 'quantity'],
  ['withdrawalsRoot', 'bytes'],
  ['blobGasUsed', 'quantity'],
  ['excessBlobGas', 'quantity'],
  ['parentBeaconBlockRoot', 'bytes'],
  ['requestsHash', 'bytes'],
];

/**
 * The hash that a header has by its own fields, if it is of a kind that is known here; null where fields are missing. A chain
 * whose headers are made otherwise gives another hash than the header says.
 */
export function headerHash(fields: Fields): Hash | null {
  const encoded = encodeHeader(fields);
  return encoded === null ? null : keccakHash(encoded);
}

/** What is hashed; null where fields are missing. */
export function encodeHeader(fields: Fields): Uint8Array | null {
  const encoded: HexData[] = [];
  for (const [name, kind] of ALWAYS) {
    const value = encodable(fields[name], kind);
    if (value === null) return null;
    encoded.push(value);
  }
  for (const [name, kind] of SINCE) {
    const value = encodable(fields[name], kind);
    if (value === null) break;
    encoded.push(value);
  }
  return encodeRlp(encoded);
}

function encodable(value: unknown, kind: Kind): HexData | null {
  return kind === 'bytes' ? bytesOf(value) : quantityBytes(value);
}
