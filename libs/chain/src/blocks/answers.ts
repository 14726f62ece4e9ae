import type { Hash, HexData } from '@abland/domain';
import { type Fields, isAbsent, type Reading } from '../rpc/reading.js';
import type { BlockLog } from './chain-block.js';
import { withoutStateSync } from './state-sync.js';

/** A block's header as a provider gave it. All hexadecimal in lower case. */
export interface Header {
  readonly number: number;
  readonly hash: Hash;
  readonly parentHash: Hash;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly logsBloom: HexData;
  /** Null where the provider gave none. */
  readonly receiptsRoot: Hash | null;
  /** Everything that the provider gave of it: what its hash is made of. */
  readonly fields: Fields;
}

export interface Transaction {
  readonly hash: Hash;
  readonly from: HexData;
  /** Null where it creates a contract. */
  readonly to: HexData | null;
  readonly input: HexData;
  readonly value: HexData;
  readonly gas: HexData;
  /** What its encoding is made of. */
  readonly fields: Fields;
}

export interface Block {
  readonly header: Header;
  /** Those that the header's roots are made of. */
  readonly transactions: readonly Transaction[];
  /** The hash of the one that is listed beside them, where the chain brings in so what happened on another. */
  readonly stateSync: Hash | null;
}

export interface Log extends BlockLog {
  readonly blockHash: Hash;
  readonly blockNumber: number;
  /** Of a block that is no longer of the chain. */
  readonly removed: boolean;
}

export interface Receipt {
  readonly transactionHash: Hash;
  readonly blockHash: Hash;
  readonly index: number;
  readonly succeeded: boolean;
  readonly logs: readonly Log[];
  /** What its encoding is made of. */
  readonly fields: Fields;
}

export const quantity = (value: number): HexData => `0x${value.toString(16)}`;

const BLOOM_DIGITS = 2 + 512;

export function readHeader(reading: Reading, value: unknown): Header {
  const fields = reading.object(value);
  const logsBloom = reading.bytes(fields, 'logsBloom');
  if (logsBloom.length !== BLOOM_DIGITS) throw reading.fault('logsBloom', logsBloom);
  return {
    number: reading.number(fields, 'number'),
    hash: reading.hash(fields, 'hash'),
    parentHash: reading.hash(fields, 'parentHash'),
    time: reading.number(fields, 'timestamp'),
    logsBloom,
    receiptsRoot: isAbsent(fields['receiptsRoot']) ? null : reading.hash(fields, 'receiptsRoot'),
    fields,
  };
}

export function readBlock(reading: Reading, value: unknown): Block {
  const header = readHeader(reading, value);
  const listed = reading.list(header.fields['transactions'], 'transactions');
  return {
    header,
    ...withoutStateSync(
      header,
      listed.map((one) => readTransaction(reading, one)),
    ),
  };
}

/** Up to which types are written by Ethereum's rules (EIP-7702). */
const ETHEREUM_TYPE_MAX = 4;

function readTransaction(reading: Reading, value: unknown): Transaction {
  const fields = reading.object(value, 'a transaction');
  // A chain's own types say what they call in fields of their own (Tempo's have `calls`).
  const isOwn = Number(fields['type'] ?? 0) > ETHEREUM_TYPE_MAX;
  const given = (name: string): boolean => !isOwn || !isAbsent(fields[name]);
  const input = isAbsent(fields['input']) && !isAbsent(fields['data']) ? 'data' : 'input';
  return {
    hash: reading.hash(fields, 'hash'),
    from: reading.address(fields, 'from'),
    // Some leave it out of a creation, others say null.
    to: isAbsent(fields['to']) ? null : reading.address(fields, 'to'),
    input: given(input) ? reading.bytes(fields, input) : '0x',
    value: given('value') ? reading.quantity(fields, 'value') : '0x0',
    gas: reading.quantity(fields, 'gas'),
    fields,
  };
}

export function readLog(reading: Reading, value: unknown): Log {
  const fields = reading.object(value, 'a log');
  const topics = reading.list(fields['topics'], 'topics');
  return {
    address: reading.address(fields, 'address'),
    topics: topics.map((_, index) => reading.hash(topics as unknown as Fields, String(index))),
    data: reading.bytes(fields, 'data'),
    txHash: reading.hash(fields, 'transactionHash'),
    logIndex: reading.number(fields, 'logIndex'),
    blockHash: reading.hash(fields, 'blockHash'),
    blockNumber: reading.number(fields, 'blockNumber'),
    removed: fields['removed'] === true,
  };
}

export function readReceipt(reading: Reading, value: unknown): Receipt {
  const fields = reading.object(value, 'a receipt');
  const logs = reading.list(fields['logs'], 'logs');
  return {
    transactionHash: reading.hash(fields, 'transactionHash'),
    blockHash: reading.hash(fields, 'blockHash'),
    index: reading.number(fields, 'transactionIndex'),
    // Before Byzantium a state root stood in its place, which does not tell.
    succeeded: isAbsent(fields['status']) ? true : reading.number(fields, 'status') !== 0,
    logs: logs.map((one) => readLog(reading, one)),
    fields,
  };
}
