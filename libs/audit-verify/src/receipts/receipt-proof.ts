import { areEqual, fromHex, toHex } from '../bytes/bytes.js';
import { ProofError } from '../faults/proof-error.js';
import type { JsonValue } from '../json/canonical.js';
import { type FactLog, logOfFact, type ToldLog } from './fact-log.js';
import { bytesOf, decodeList, listOf, numberOf, type RlpItem } from './rlp.js';
import { keccak, valueAt } from './trie.js';

/** What proves by the chain that a fact is one of it. All bytes as lower-case hexadecimal without a prefix. */
export type ReceiptProof = {
  /** Of the fact's block, in its encoding. */
  readonly header: string;
  /** Of the trie of its receipts, from the root to the one of the fact's transaction. */
  readonly nodes: readonly string[];
  /** Which transaction of the block it is, from 0. */
  readonly transaction: number;
  /** Which log of that receipt, from 0. */
  readonly log: number;
};

/** Where the log has a fact of a chain: what its receipt is asked for by. */
export interface FactPlace {
  readonly chainId: number;
  readonly blockNumber: number;
  /** With 0x. */
  readonly blockHash: string;
  readonly txHash: string;
  /** Of the block's logs, from 0. */
  readonly logIndex: number;
}

/** Null where an event is of no chain, or stands for no log of it. */
export function placeOfFact(entry: JsonValue): FactPlace | null {
  const { data, metadata, type } = objectOf(entry);
  const { blockHash, blockNumber, chainId, logIndex, txHash } = objectOf(objectOf(metadata)['chain']);
  const isWhole = [chainId, blockNumber, logIndex].every((number) => Number.isSafeInteger(number));
  if (!isWhole || typeof blockHash !== 'string' || typeof txHash !== 'string') return null;
  if (typeof type !== 'string' || logOfFact(type, objectOf(data)) === null) return null;
  return {
    ...{ blockHash, txHash, chainId: Number(chainId) },
    ...{ blockNumber: Number(blockNumber), logIndex: Number(logIndex) },
  };
}

/** What a header vouches for of a fact, to whoever knows that its block is one of the chain. */
export interface FactOnChain extends ToldLog {
  readonly chainId: number;
  readonly blockNumber: number;
  /** With 0x. */
  readonly blockHash: string;
  /** Seconds since the epoch. */
  readonly blockTime: number;
}

/** Where in a header's list: yellow paper, 4.4. */
const [RECEIPTS_ROOT, NUMBER, TIME] = [5, 8, 11];
/** In a receipt, and in a log of it. */
const LOGS = 3;
const [ADDRESS, TOPICS, DATA] = [0, 1, 2];
/** A receipt of the first type begins with its list, one of another with its type (EIP-2718). */
const LIST_MIN = 0xc0;

/**
 * That the chain has the log that an entry of the log stands for: the header has the hash of the block that the entry names, the receipt
 * is under the header's root, and its log has the contract, topics and data that the entry's fields give.
 * What it does not say is that the block is one of the chain: its hash is for the reader to look up.
 * @throws ProofError NOT_ON_CHAIN
 */
export function verifyReceipt(entry: JsonValue, proof: ReceiptProof): FactOnChain {
  const { chain, log } = factOf(entry);
  const header = fromHex(proof.header, 'header');
  if (`0x${toHex(keccak(header))}` !== chain.blockHash) throw notSo('The header is not that of the block');
  const fields = decodeList(header);
  if (numberOf(fields[NUMBER]) !== chain.blockNumber) throw notSo('The header has another number');
  if (numberOf(fields[TIME]) !== chain.blockTime) throw notSo('The header has another time');
  const nodes = proof.nodes.map((node) => fromHex(node, 'nodes'));
  const receipt = valueAt(bytesOf(fields[RECEIPTS_ROOT]), proof.transaction, nodes);
  const given = listOf(listOf(receiptFields(receipt)[LOGS])[proof.log]);
  if (!isSame(given, log)) throw notSo('The log in the receipt is another one');
  return { ...chain, ...log };
}

function receiptFields(receipt: Uint8Array): readonly RlpItem[] {
  return decodeList((receipt[0] ?? 0) < LIST_MIN ? receipt.slice(1) : receipt);
}

function isSame(given: readonly RlpItem[], { address, data, topics }: FactLog): boolean {
  const told = listOf(given[TOPICS]);
  return (
    areEqual(bytesOf(given[ADDRESS]), hex(address)) &&
    areEqual(bytesOf(given[DATA]), hex(data)) &&
    told.length === topics.length &&
    topics.every((topic, at) => areEqual(bytesOf(told[at]), hex(topic)))
  );
}

function hex(text: string): Uint8Array {
  if (!/^0x(?:[0-9a-f]{2})*$/i.test(text)) throw notSo('The log of the fact is no hexadecimal');
  return fromHex(text.slice(2).toLowerCase(), 'log');
}

function factOf(entry: JsonValue): {
  readonly chain: Pick<FactOnChain, 'chainId' | 'blockNumber' | 'blockHash' | 'blockTime'>;
  readonly log: ToldLog;
} {
  const { data, metadata, type } = objectOf(entry);
  const { blockHash, blockNumber, blockTime, chainId } = objectOf(objectOf(metadata)['chain']);
  const log = typeof type === 'string' ? logOfFact(type, objectOf(data)) : null;
  if (log === null) throw notSo('The entry is of no fact whose log is what it says');
  return {
    chain: {
      chainId: Number(chainId),
      blockNumber: Number(blockNumber),
      blockHash: String(blockHash),
      blockTime: Number(blockTime),
    },
    log,
  };
}

type JsonObject = { readonly [key: string]: JsonValue };
const objectOf = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
const notSo = (message: string): ProofError => new ProofError('NOT_ON_CHAIN', message, 'receipt');
