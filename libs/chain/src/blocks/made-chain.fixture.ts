import { id, zeroPadValue } from 'ethers';
import {
  type Json,
  makeBlock,
  makeBlockOf,
  makeTransaction,
  type MadeBlock,
  type MadeLog,
} from './made-blocks.fixture.js';

export const MADE_CHAIN_ID = 7;
const FIRST_PARENT = `0x${'00'.repeat(32)}`;
const HOLDER = zeroPadValue(`0x${'aa'.repeat(20)}`, 32);
const METHOD_NOT_FOUND = { code: -32601, message: 'the method does not exist/is not available' };

export const transfer = (token: string): MadeLog => ({
  ...{ address: token, data: `0x${'00'.repeat(31)}05` },
  topics: [id('Transfer(address,address,uint256)'), HOLDER, HOLDER],
});

interface LogFilter {
  readonly address?: readonly string[];
  readonly fromBlock: string;
  readonly toBlock: string;
}

/** A chain of made blocks that answers as a node does. */
export class MadeChain {
  readonly blocks: MadeBlock[] = [];
  /** Methods that this node does not have. */
  readonly lacks = new Set<string>();

  /** @param logsOf the logs of each transaction of the next block */
  add(logsOf: readonly (readonly MadeLog[])[] = []): this {
    const parent = this.blocks.at(-1)?.header['hash'] ?? FIRST_PARENT;
    this.blocks.push(makeBlock(this.blocks.length, String(parent), logsOf));
    return this;
  }

  /** A block whose only transaction creates a contract. */
  addCreation(): this {
    const [number, parentHash] = [this.blocks.length, String(this.blocks.at(-1)?.header['hash'])];
    const creation = makeTransaction({ salt: id('creation'), to: null, logs: [] });
    const at = { time: 1_700_000_000 + number, stateRoot: id('created') };
    this.blocks.push(makeBlockOf({ number, parentHash, ...at, transactions: [creation] }));
    return this;
  }

  /** A block with a transaction that is reverted, or only leaves no log, and others that are nobody's. */
  addSilent(to: string, { others = 0, reverted = true } = {}): this {
    const [number, parentHash] = [this.blocks.length, String(this.blocks.at(-1)?.header['hash'])];
    const silent = makeTransaction({ salt: id('silent'), to, reverted, logs: [] });
    const filling = Array.from({ length: others }, (_, index) =>
      makeTransaction({ salt: id(`filling ${index}`), logs: [] }),
    );
    const at = { time: 1_700_000_000 + number, stateRoot: id('as before') };
    this.blocks.push(makeBlockOf({ number, parentHash, ...at, transactions: [silent, ...filling] }));
    return this;
  }

  answer = (method: string, params: readonly unknown[]): unknown => {
    if (this.lacks.has(method)) throw METHOD_NOT_FOUND;
    switch (method) {
      case 'eth_chainId':
        return `0x${MADE_CHAIN_ID.toString(16)}`;
      case 'eth_getLogs':
        return this.logs(params[0] as LogFilter);
      case 'eth_getBlockByNumber':
        return this.block(params[0], params[1] === true);
      case 'eth_getBlockReceipts':
        return structuredClone(this.blocks[Number(params[0])]?.receipts ?? null);
      case 'eth_getTransactionReceipt': {
        const all = this.blocks.flatMap(({ receipts }) => receipts);
        return structuredClone(all.find(({ transactionHash }) => transactionHash === params[0]) ?? null);
      }
      default:
        throw METHOD_NOT_FOUND;
    }
  };

  private block(at: unknown, full: boolean): Json | null {
    const found = at === 'latest' ? this.blocks.at(-1) : this.blocks[Number(at)];
    if (found === undefined) return null;
    const { header, transactions } = structuredClone(found);
    return { ...header, transactions: full ? transactions : transactions.map(({ hash }) => hash) };
  }

  private logs({ address, fromBlock, toBlock }: LogFilter): Json[] {
    const range = this.blocks.slice(Number(fromBlock), Number(toBlock) + 1);
    const logs = range.flatMap((block) => block.logs);
    const wanted = logs.filter((log) => address === undefined || address.includes(String(log['address'])));
    return structuredClone(wanted);
  }
}
