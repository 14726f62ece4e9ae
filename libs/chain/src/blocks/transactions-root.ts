import { type Fields, isAbsent, typeOf } from '../rpc/reading.js';
import type { Transaction } from './answers.js';
import { keccakHash } from './keccak.js';
import { bytesOf, numberBytes, quantityBytes } from './provider-bytes.js';
import { encodeRlp, type Rlp } from './rlp.js';
import { trieRoot } from './trie-root.js';

type Encode = (value: unknown, fields: Fields) => Rlp | null;
type Layout = readonly (readonly [name: string, encode: Encode])[];

const quantity: Encode = quantityBytes;
const bytes: Encode = bytesOf;
/** None where a contract is created. */
const recipient: Encode = (value) => (isAbsent(value) ? '0x' : bytesOf(value));
/** Some nodes name it as the legacy `v`. */
const parity: Encode = (value, { v }) => quantityBytes(isAbsent(value) ? v : value);

const listOf =
  (encode: (item: unknown) => Rlp | null): Encode =>
  (value) => {
    if (isAbsent(value)) return [];
    if (!Array.isArray(value)) return null;
    const items = value.map(encode);
    return items.every((item) => item !== null) ? items : null;
  };

const itemOf =
  (...layout: Layout) =>
  (value: unknown): Rlp | null =>
    typeof value === 'object' && value !== null ? fieldsOf(layout, value as Fields) : null;

const hashes = listOf(bytesOf);
const access = listOf(itemOf(['address', bytes], ['storageKeys', hashes]));
const authorizations = listOf(
  itemOf(
    ...([
      ['chainId', quantity],
      ['address', bytes],
      ['nonce', quantity],
      ['yParity', parity],
      ['r', quantity],
      ['s', quantity],
    ] as const),
  ),
);

const CALL: Layout = [
  ['gas', quantity],
  ['to', recipient],
  ['value', quantity],
  ['input', (value, { data }) => bytesOf(isAbsent(value) ? data : value)],
];
const SIGNATURE: Layout = [
  ['yParity', parity],
  ['r', quantity],
  ['s', quantity],
];
const DYNAMIC_FEE: Layout = [
  ['chainId', quantity],
  ['nonce', quantity],
  ['maxPriorityFeePerGas', quantity],
  ['maxFeePerGas', quantity],
  ...CALL,
  ['accessList', access],
];

/** What Hardhat's first block has for a root: no trie has it. */
const HASH_OF_NOTHING = keccakHash(new Uint8Array());

/** What is encoded of each type, in its order: legacy, EIP-2930, 1559, 4844 (without the blobs), 7702. */
const LAYOUTS: readonly Layout[] = [
  [['nonce', quantity], ['gasPrice', quantity], ...CALL, ['v', quantity], ['r', quantity], ['s', quantity]],
  [
    ['chainId', quantity],
    ['nonce', quantity],
    ['gasPrice', quantity],
    ...CALL,
    ['accessList', access],
    ...SIGNATURE,
  ],
  [...DYNAMIC_FEE, ...SIGNATURE],
  [...DYNAMIC_FEE, ['maxFeePerBlobGas', quantity], ['blobVersionedHashes', hashes], ...SIGNATURE],
  [...DYNAMIC_FEE, ['authorizationList', authorizations], ...SIGNATURE],
];

/**
 * What is wrong with the transactions that a provider gave as a block's; null: nothing, or one is of a type that is not known
 * here. Who sent each is not among its fields but in its signature, and is believed.
 */
export function problemOfTransactions(transactions: readonly Transaction[], root: unknown): string | null {
  const encoded: Uint8Array[] = [];
  for (const { fields, hash } of transactions) {
    if (LAYOUTS[typeOf(fields)] === undefined) return null;
    const one = encodeTransaction(fields);
    if (one === null) return `transaction ${hash} does not have all fields of its type`;
    if (keccakHash(one) !== hash) return `the fields of transaction ${hash} give another hash`;
    encoded.push(one);
  }
  if (encoded.length === 0 && root === HASH_OF_NOTHING) return null;
  return trieRoot(encoded) === root ? null : 'its transactions give another root';
}

/** As it stands in its block's trie, and as its hash is made of (EIP-2718); null where its type is not known, or a field missing. */
export function encodeTransaction(fields: Fields): Uint8Array | null {
  const type = typeOf(fields);
  const layout = LAYOUTS[type];
  const items = layout === undefined ? null : fieldsOf(layout, fields);
  if (items === null) return null;
  const body = encodeRlp(items);
  return type === 0 ? body : Buffer.concat([numberBytes(type), body]);
}

function fieldsOf(layout: Layout, fields: Fields): Rlp[] | null {
  const items: Rlp[] = [];
  for (const [name, encode] of layout) {
    const item = encode(fields[name], fields);
    if (item === null) return null;
    items.push(item);
  }
  return items;
}
