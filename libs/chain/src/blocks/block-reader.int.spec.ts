import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@abland/kernel';
import { id, zeroPadValue } from 'ethers';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { TestProvider } from '../rpc/json-rpc-server.fixture.js';
import { BlockReader } from './block-reader.js';
import { logsBloom } from './bloom.js';

const FACTORY = `0x${'a1'.repeat(20)}`;
const MANAGER = `0x${'b2'.repeat(20)}`;
const TOKEN = `0x${'c3'.repeat(20)}`;
const word = (address: string): string => zeroPadValue(address, 32);
const hash = (number: number): string => `0x${String(number).padStart(64, '0')}`;
const EMPTY_BLOOM = `0x${'00'.repeat(256)}`;

const rpcLog = (number: number, logIndex: number) => ({
  address: FACTORY,
  topics: [`0x${'11'.repeat(32)}`],
  data: '0x',
  blockHash: hash(number),
  blockNumber: `0x${number.toString(16)}`,
  transactionHash: hash(1000 + number),
  logIndex: `0x${logIndex.toString(16)}`,
});

type Log = ReturnType<typeof rpcLog>;

const transactionOf = ({ transactionHash: hash }: Log) => ({
  ...{ hash, from: TOKEN, to: TOKEN, input: '0x', value: '0x0', gas: '0x5208' },
});

describe('block reader', () => {
  let provider: TestProvider;
  let rpc: ChainRpc;
  let reader: BlockReader;
  let logs: Log[];
  let blooms: Map<number, string>;
  let largestRange: number;

  beforeEach(async () => {
    logs = [];
    blooms = new Map();
    largestRange = Number.POSITIVE_INFINITY;
    provider = new TestProvider((method, params) => {
      if (method === 'eth_chainId') return '0x7';
      if (method === 'eth_getLogs') return logsIn(params[0] as { fromBlock: string; toBlock: string });
      if (method !== 'eth_getBlockByNumber') throw { code: -32601, message: 'Method not found' };
      const number = Number(params[0]);
      return {
        number: params[0],
        hash: hash(number),
        parentHash: hash(number - 1),
        timestamp: '0x5',
        logsBloom: blooms.get(number) ?? EMPTY_BLOOM,
        transactions: logs.filter((log) => Number(log.blockNumber) === number).map(transactionOf),
      };
    });
    await provider.start();
    rpc = new ChainRpc({ urls: [provider.url], chainId: 7, logger: silentLogger });
    const none = { forwarder: null, governance: null, checkpoint: null };
    const contracts = { tokenFactory: FACTORY, liquidityManager: MANAGER, ...none };
    reader = new BlockReader(rpc, contracts, { logger: silentLogger });
  });
  afterEach(async () => {
    rpc.close();
    await provider.stop();
  });

  function logsIn({ fromBlock, toBlock }: { fromBlock: string; toBlock: string }): Log[] {
    const [from, to] = [Number(fromBlock), Number(toBlock)];
    if (to - from + 1 > largestRange)
      throw { code: -32000, message: 'query returned more than 10000 results' };
    return logs.filter((log) => Number(log.blockNumber) >= from && Number(log.blockNumber) <= to);
  }

  function put(number: number, count: number): void {
    const own = Array.from({ length: count }, (_, index) => rpcLog(number, index));
    logs.push(...own);
    blooms.set(number, logsBloom(own));
  }

  it('gives blocks with their logs in order, in one request', async () => {
    put(3, 2);
    logs.reverse();
    const blocks = await reader.blocks(2, 4);
    expect(blocks.map((block) => block.logs.map(({ logIndex }) => logIndex))).toEqual([[], [0, 1], []]);
    expect(provider.calls.filter((method) => method === 'eth_getLogs')).toHaveLength(1);
  });

  it('gives of other contracts the transfers of tokens and the approvals to the liquidity manager', async () => {
    const event = (signature: string, ...others: readonly string[]) => ({
      address: TOKEN,
      topics: [id(signature), ...others],
      data: `0x${'00'.repeat(32)}`,
    });
    const [holder, manager] = [word(FACTORY), word(MANAGER)];
    const own = [
      event('Transfer(address,address,uint256)', holder, holder),
      event('Transfer(address,address,uint256)', holder, holder, holder),
      event('Approval(address,address,uint256)', holder, manager),
      event('Approval(address,address,uint256)', manager, holder),
      event('Approval(address,address,uint256)', holder, manager, holder),
      event('DelegateChanged(address,address,address)', holder, manager),
      { ...event('Transfer(address,address,uint256)', holder, holder), data: `0x${'00'.repeat(64)}` },
    ].map((log, index) => ({ ...rpcLog(3, index), ...log }));
    logs.push(...own);
    blooms.set(3, logsBloom(own));
    const [block] = await reader.blocks(3, 3);
    expect(block?.logs.map(({ logIndex }) => logIndex)).toEqual([0, 2]);
    expect(block).toMatchObject({ proof: 'BLOOM', providers: 1 });
  });

  it('asks for halves where a provider refuses a large range', async () => {
    largestRange = 2;
    put(5, 1);
    const blocks = await reader.blocks(1, 7);
    expect(blocks.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(blocks[4]?.logs).toHaveLength(1);
  });

  it('notices logs that are missing', async () => {
    put(3, 1);
    logs.length = 0;
    await expect(reader.blocks(3, 3)).rejects.toMatchObject({
      code: 'CHAIN_DATA_INCONSISTENT',
      failureClass: 'ANOTHER',
    });
  });

  it('notices logs that the block does not have, and logs of another branch', async () => {
    logs.push(rpcLog(3, 0));
    await expect(reader.blocks(3, 3)).rejects.toMatchObject({ code: 'CHAIN_DATA_INCONSISTENT' });
    logs.length = 0;
    put(4, 1);
    logs = logs.map((log) => ({ ...log, blockHash: hash(99) }));
    await expect(reader.blocks(4, 4)).rejects.toMatchObject({ code: 'CHAIN_DATA_INCONSISTENT' });
  });
});

describe('bloom filter', () => {
  it('sets the three bits of the yellow paper for a value', () => {
    const bloom = logsBloom([{ address: '0x0000000000000000000000000000000000000001', topics: [] }]);
    const ones = [...BigInt(bloom).toString(2)].filter((bit) => bit === '1');
    expect(ones).toHaveLength(3);
  });
});
