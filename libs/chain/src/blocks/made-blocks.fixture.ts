import { logsBloom } from './bloom.js';
import { keccakHash } from './keccak.js';
import { headerHash } from './header-hash.js';
import { receiptsRoot } from './receipts-root.js';
import { encodeTransaction } from './transactions-root.js';
import { trieRoot } from './trie-root.js';
import { readReceipt } from './answers.js';
import { Reading } from '../rpc/reading.js';

export type Json = Record<string, unknown>;
export interface MadeLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** A block as a node would give it: its hash, its bloom filter and its receipts' root are those of what is in it. */
export interface MadeBlock {
  readonly header: Json;
  readonly transactions: readonly Json[];
  readonly logs: readonly Json[];
  readonly receipts: readonly Json[];
}

export interface TransactionToMake {
  /** 32 bytes that tell it from others: they stand for its signature. */
  readonly salt: string;
  readonly from?: string;
  /** Null: it creates a contract. */
  readonly to?: string | null;
  readonly input?: string;
  readonly reverted?: boolean;
  readonly logs: readonly MadeLog[];
}

/** A transaction whose hash is that of its fields. */
export interface MadeTransaction extends TransactionToMake {
  readonly hash: string;
  readonly fields: Json;
}

export interface BlockToMake {
  readonly number: number;
  readonly parentHash: string;
  /** Seconds since the epoch. */
  readonly time: number;
  /** Tells blocks apart that have the same in them. */
  readonly stateRoot: string;
  readonly transactions: readonly MadeTransaction[];
}

/** Of each transaction, and what a unit of it costs in wei. */
export const GAS_USED = 21_000;
export const GAS_PRICE = 7;

const ZERO = `0x${'00'.repeat(32)}`;
const ADDRESS = `0x${'ab'.repeat(20)}`;
const hex = (value: number): string => `0x${value.toString(16)}`;
const named = (name: string): string => keccakHash(Buffer.from(name));

export function makeTransaction<T extends TransactionToMake>(made: T): T & MadeTransaction {
  const { from = ADDRESS, input = '0x', salt, to = ADDRESS } = made;
  const fields = {
    ...{ type: '0x2', chainId: '0x1', nonce: '0x0', maxPriorityFeePerGas: '0x0', maxFeePerGas: '0x7' },
    ...{ from, to, input, value: '0x0', gas: '0x5208', accessList: [] },
    ...{ yParity: '0x0', v: '0x0', r: salt, s: '0x1' },
  };
  return { ...made, hash: keccakHash(encoded(fields)), fields };
}

const encoded = (fields: Json): Uint8Array => encodeTransaction(fields) ?? new Uint8Array();

/** @param logsOf the logs of each transaction */
export function makeBlock(
  number: number,
  parentHash: string,
  logsOf: readonly (readonly MadeLog[])[],
): MadeBlock {
  const transactions = logsOf.map((logs, index) =>
    makeTransaction({ salt: named(`transaction ${number}/${index}/${parentHash}`), logs }),
  );
  const time = 1_700_000_000 + number;
  return makeBlockOf({ number, parentHash, time, stateRoot: named(`state ${number}`), transactions });
}

export function makeBlockOf({ number, parentHash, stateRoot, time, transactions }: BlockToMake): MadeBlock {
  const at = { blockHash: ZERO, blockNumber: hex(number) };
  let logIndex = -1;
  const receipts = transactions.map(({ hash, logs, reverted = false }, index) => ({
    ...{ transactionHash: hash, transactionIndex: hex(index), ...at },
    type: index % 2 === 0 ? '0x2' : '0x0',
    status: reverted ? '0x0' : '0x1',
    cumulativeGasUsed: hex(GAS_USED * (index + 1)),
    ...{ gasUsed: hex(GAS_USED), effectiveGasPrice: hex(GAS_PRICE) },
    logsBloom: logsBloom(logs),
    logs: logs.map((log) => ({
      ...log,
      ...{ ...at, transactionHash: hash, transactionIndex: hex(index), removed: false },
      logIndex: hex((logIndex += 1)),
    })),
  }));
  const reading = new Reading('made', 'a receipt');
  const fields = {
    ...header(number, parentHash, stateRoot, time),
    transactionsRoot: trieRoot(transactions.map((transaction) => encoded(transaction.fields))),
    logsBloom: logsBloom(transactions.flatMap(({ logs }) => logs)),
    receiptsRoot: receiptsRoot(receipts.map((receipt) => readReceipt(reading, receipt))),
  };
  const blockHash = headerHash(fields) ?? ZERO;
  for (const receipt of receipts) {
    receipt.blockHash = blockHash;
    for (const log of receipt.logs) log.blockHash = blockHash;
  }
  return {
    header: { ...fields, hash: blockHash },
    transactions: transactions.map(({ hash, fields: own }, index) => ({
      ...{ hash, ...own, ...at, blockHash, transactionIndex: hex(index) },
    })),
    logs: receipts.flatMap((receipt) => receipt.logs),
    receipts,
  };
}

const header = (number: number, parentHash: string, stateRoot: string, time: number): Json => ({
  parentHash,
  sha3Uncles: '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347',
  miner: ADDRESS,
  stateRoot,
  difficulty: '0x0',
  number: hex(number),
  gasLimit: '0x1c9c380',
  gasUsed: '0x5208',
  timestamp: hex(time),
  extraData: '0x',
  mixHash: ZERO,
  nonce: '0x0000000000000000',
  baseFeePerGas: '0x7',
  withdrawalsRoot: ZERO,
});
