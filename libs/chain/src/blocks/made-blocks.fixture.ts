import { keccak256, toUtf8Bytes } from 'ethers';
import { logsBloom } from './bloom.js';
import { headerHash } from './header-hash.js';
import { receiptsRoot } from './receipts-root.js';
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

const ZERO = `0x${'00'.repeat(32)}`;
const ADDRESS = `0x${'ab'.repeat(20)}`;
const hex = (value: number): string => `0x${value.toString(16)}`;
const named = (name: string): string => keccak256(toUtf8Bytes(name));

/** @param logsOf the logs of each transaction */
export function makeBlock(
  number: number,
  parentHash: string,
  logsOf: readonly (readonly MadeLog[])[],
): MadeBlock {
  const base = { ...header(number, parentHash), logsBloom: logsBloom(logsOf.flat()) };
  const hashes = logsOf.map((_, index) => named(`transaction ${number}/${index}/${parentHash}`));
  const build = (blockHash: string): Pick<MadeBlock, 'logs' | 'receipts'> => {
    let logIndex = -1;
    const receipts = logsOf.map((logs, index) => ({
      ...{
        transactionHash: hashes[index],
        transactionIndex: hex(index),
        blockHash,
        blockNumber: hex(number),
      },
      ...{
        type: index % 2 === 0 ? '0x2' : '0x0',
        status: '0x1',
        cumulativeGasUsed: hex(21_000 * (index + 1)),
      },
      logsBloom: logsBloom(logs),
      logs: logs.map((log) => ({
        ...log,
        ...{ blockHash, blockNumber: hex(number), transactionHash: hashes[index], removed: false },
        logIndex: hex((logIndex += 1)),
      })),
    }));
    return { receipts, logs: receipts.flatMap((receipt) => receipt.logs) };
  };
  const reading = new Reading('made', 'a receipt');
  const root = receiptsRoot(build(ZERO).receipts.map((receipt) => readReceipt(reading, receipt)));
  const fields = { ...base, receiptsRoot: root };
  const hash = headerHash(fields) ?? ZERO;
  const transactions = hashes.map((transaction) => ({
    ...{ hash: transaction, from: ADDRESS, to: ADDRESS, input: '0x', value: '0x0', gas: '0x5208' },
  }));
  return { header: { ...fields, hash }, transactions, ...build(hash) };
}

const header = (number: number, parentHash: string): Json => ({
  parentHash,
  sha3Uncles: '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347',
  miner: ADDRESS,
  stateRoot: named(`state ${number}`),
  transactionsRoot: named(`transactions ${number}`),
  difficulty: '0x0',
  number: hex(number),
  gasLimit: '0x1c9c380',
  gasUsed: '0x5208',
  timestamp: hex(1_700_000_000 + number),
  extraData: '0x',
  mixHash: ZERO,
  nonce: '0x0000000000000000',
  baseFeePerGas: '0x7',
  withdrawalsRoot: ZERO,
});
