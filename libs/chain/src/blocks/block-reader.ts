import { id, zeroPadValue } from 'ethers';
import type { Hash, HexData, Uuid } from '@abland/domain';
import { readCommandTag } from '../calls/command-tag.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { InconsistentBlockError, RpcResponseError } from '../rpc/errors.js';
import { logsBloom } from './bloom.js';
import {
  followedAddresses,
  type BlockLog,
  type BlockReference,
  type ChainBlock,
  type EarlierBlock,
  type FollowedContracts,
} from './chain-block.js';
import { findFailures } from './failed-transactions.js';
import { quantity, requirePresent, type RpcBlock, type RpcHeader, type RpcLog } from './rpc-shapes.js';

const TRANSFER_TOPIC = id('Transfer(address,address,uint256)');
const APPROVAL_TOPIC = id('Approval(address,address,uint256)');

/** Blocks asked for at once where a range is read again. */
const EARLIER_RANGE = 50;

const toLog = (log: RpcLog): BlockLog => ({
  address: log.address.toLowerCase(),
  topics: log.topics.map((topic) => topic.toLowerCase()),
  data: log.data.toLowerCase(),
  txHash: log.transactionHash.toLowerCase(),
  logIndex: Number(log.logIndex),
});

/** Reads blocks with all that matters of them, and checks that nothing is missing. */
export class BlockReader {
  readonly #followed: ReadonlySet<string>;
  /** The topic that names the liquidity manager. */
  readonly #manager: Hash;
  readonly followed: readonly HexData[];

  constructor(
    private readonly rpc: ChainRpc,
    contracts: FollowedContracts,
  ) {
    this.followed = followedAddresses(contracts);
    this.#manager = zeroPadValue(contracts.liquidityManager.toLowerCase(), 32);
    this.#followed = new Set(this.followed);
  }

  async head(): Promise<BlockReference> {
    const header = requirePresent(
      await this.rpc.request<RpcHeader | null>('eth_getBlockByNumber', 'latest', false),
      'its newest block',
    );
    return { number: Number(header.number), hash: header.hash, time: Number(header.timestamp) };
  }

  /** Hash of the chain's block with this number; null where the chain is not that long. */
  async hashAt(number: number): Promise<Hash | null> {
    const header = await this.rpc.request<RpcHeader | null>('eth_getBlockByNumber', quantity(number), false);
    return header?.hash ?? null;
  }

  /**
   * Blocks of a range, ends included, linked to each other.
   * @throws InconsistentBlockError where what the provider gave does not hold together
   */
  async blocks(from: number, to: number): Promise<ChainBlock[]> {
    const [logs, ...raw] = await this.#read(from, to);
    const logsOf = Map.groupBy(logs as readonly RpcLog[], (log) => Number(log.blockNumber));
    const blocks: ChainBlock[] = [];
    for (const [index, value] of (raw as readonly (RpcBlock | null)[]).entries()) {
      const block = requirePresent(value, `block ${from + index}`);
      const previous = blocks.at(-1);
      if (previous !== undefined && block.parentHash !== previous.hash) {
        throw new InconsistentBlockError(`Block ${block.hash} does not follow ${previous.hash}`, {
          number: from + index,
        });
      }
      blocks.push(await this.#assemble(block, logsOf.get(from + index) ?? []));
    }
    return blocks;
  }

  /**
   * What contracts did in a range that was published without their logs, and the hash of its last block; null for a range
   * without a block.
   * @throws InconsistentBlockError where what the provider gave does not hold together
   */
  async earlier(
    addresses: readonly HexData[],
    from: number,
    to: number,
  ): Promise<{ readonly blocks: readonly EarlierBlock[]; readonly lastHash: Hash | null }> {
    const found: EarlierBlock[] = [];
    let last: ChainBlock | null = null;
    for (let start = from; start <= to; start += EARLIER_RANGE) {
      for (const block of await this.blocks(start, Math.min(to, start + EARLIER_RANGE - 1))) {
        if (last !== null && block.parentHash !== last.hash) {
          throw new InconsistentBlockError(`Block ${block.hash} does not follow ${last.hash}`, {
            number: block.number,
          });
        }
        last = block;
        const { number, hash, time, commands } = block;
        const logs = block.logs.filter(({ address }) => addresses.includes(address));
        if (logs.length > 0) found.push({ number, hash, time, logs, commands });
      }
    }
    return { blocks: found, lastHash: last?.hash ?? null };
  }

  /**
   * The logs of a range, then its blocks, in one request. Providers bound the size of an answer, so a range that is
   * refused is asked for in halves.
   */
  async #read(from: number, to: number): Promise<readonly unknown[]> {
    const filter = { fromBlock: quantity(from), toBlock: quantity(to) };
    const headers = Array.from({ length: to - from + 1 }, (_, index) => ({
      method: 'eth_getBlockByNumber',
      params: [quantity(from + index), true],
    }));
    try {
      return await this.rpc.batch([{ method: 'eth_getLogs', params: [filter] }, ...headers]);
    } catch (error) {
      if (!(error instanceof RpcResponseError) || from === to) throw error;
      const middle = Math.floor((from + to) / 2);
      const [lowLogs, ...low] = await this.#read(from, middle);
      const [highLogs, ...high] = await this.#read(middle + 1, to);
      return [[...(lowLogs as RpcLog[]), ...(highLogs as RpcLog[])], ...low, ...high];
    }
  }

  async #assemble(block: RpcBlock, rpcLogs: readonly RpcLog[]): Promise<ChainBlock> {
    const logs = this.#complete(block, rpcLogs);
    const withLogs = new Set(logs.map((log) => log.txHash));
    const ours = block.transactions.filter(({ to }) => to !== null && this.#followed.has(to.toLowerCase()));
    const silent = ours.filter(({ hash }) => !withLogs.has(hash));
    const failures = silent.length === 0 ? [] : await findFailures(this.rpc, block, silent);
    return {
      number: Number(block.number),
      hash: block.hash,
      parentHash: block.parentHash,
      time: Number(block.timestamp),
      proof: 'BLOOM',
      providers: 1,
      logs: logs.filter((log) => this.#matters(log)),
      failures,
      commands: commandsOf(ours),
      followed: this.followed,
    };
  }

  /** All logs of a block in order, proved complete by the block's own bloom filter. */
  #complete(block: RpcBlock, rpcLogs: readonly RpcLog[]): BlockLog[] {
    const foreign = rpcLogs.find((log) => log.blockHash !== block.hash || log.removed === true);
    const logs = rpcLogs.map(toLog).sort((a, b) => a.logIndex - b.logIndex);
    if (foreign !== undefined || logsBloom(logs) !== block.logsBloom.toLowerCase()) {
      throw new InconsistentBlockError(
        `The logs given for block ${block.number} are not those of ${block.hash}`,
        {
          number: Number(block.number),
          hash: block.hash,
        },
      );
    }
    return logs;
  }

  #matters(log: BlockLog): boolean {
    if (this.#followed.has(log.address)) return true;
    const [event, , spender] = log.topics;
    // Three topics: ERC-20. An NFT's Transfer and Approval have four.
    if (log.topics.length !== 3) return false;
    return event === TRANSFER_TOPIC || (event === APPROVAL_TOPIC && spender === this.#manager);
  }
}

function commandsOf(transactions: RpcBlock['transactions']): Record<Hash, Uuid> {
  const commands: Record<Hash, Uuid> = {};
  for (const { hash, input } of transactions) {
    const command = readCommandTag(input);
    if (command !== null) commands[hash] = command;
  }
  return commands;
}
