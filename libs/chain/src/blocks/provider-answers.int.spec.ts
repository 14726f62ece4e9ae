import { failureClassOf, mayPass, silentLogger } from '@abland/kernel';
import type { BlockProof } from '@abland/domain';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { TestProvider } from '../rpc/json-rpc-server.fixture.js';
import { BlockReader } from './block-reader.js';
import type { ChainBlock, FollowedContracts } from './chain-block.js';
import type { Json } from './made-blocks.fixture.js';
import { MADE_CHAIN_ID, MadeChain, transfer } from './made-chain.fixture.js';

const TOKEN = `0x${'c3'.repeat(20)}`;
const CONTRACTS: FollowedContracts = {
  tokenFactory: `0x${'a1'.repeat(20)}`,
  liquidityManager: `0x${'b2'.repeat(20)}`,
  ...{ forwarder: null, governance: null, checkpoint: null },
};

/** Changes an answer; what it gives back is sent in its place. */
type Spoil = (method: string, params: readonly unknown[], result: never) => unknown;
const full = (method: string, params: readonly unknown[]): boolean =>
  method === 'eth_getBlockByNumber' && params[1] === true;
const latest = (method: string, params: readonly unknown[]): boolean =>
  method === 'eth_getBlockByNumber' && params[0] === 'latest';
const fail = (code: number, message: string): never => {
  throw { code, message };
};
const eachLog =
  (change: (logs: readonly Json[]) => readonly Json[]): Spoil =>
  (method, _, result: readonly Json[]) => {
    if (method === 'eth_getLogs') return change(result);
    if (method !== 'eth_getBlockReceipts') return result;
    return result.map((receipt) => ({ ...receipt, logs: change(receipt['logs'] as Json[]) }));
  };

const FAULTS: readonly (readonly [name: string, spoil: Spoil])[] = [
  [
    '-32603 to every block',
    (method, params, result) => (full(method, params) ? fail(-32603, 'Internal error') : result),
  ],
  [
    'ethers.js#4999: -32000 for the head',
    (method, params, result) => (latest(method, params) ? fail(-32000, 'header not found') : result),
  ],
  [
    'smartbch#67, flow-evm-gateway#695: null for no logs',
    (method, _, result) => {
      if (method === 'eth_getBlockReceipts') fail(-32601, 'the method does not exist');
      return method === 'eth_getLogs' ? null : result;
    },
  ],
  [
    'go-ethereum#884: the pending block for the newest',
    (method, params, result: Json) =>
      latest(method, params) ? { ...result, number: null, hash: null } : result,
  ],
  [
    'go-ethereum#20587: a newest block without a hash',
    (method, params, result: Json) => (latest(method, params) ? { ...result, hash: null } : result),
  ],
  ['null for a block that it told', (method, params, result) => (full(method, params) ? null : result)],
  [
    'a block without a bloom filter',
    (method, params, result: Json) => (full(method, params) ? { ...result, logsBloom: null } : result),
  ],
  [
    'a block without a time',
    (method, params, result: Json) => (full(method, params) ? { ...result, timestamp: null } : result),
  ],
  [
    'a block with another time',
    (method, params, result: Json) => (full(method, params) ? { ...result, timestamp: '0x1' } : result),
  ],
  [
    'a block without the fields of its hash',
    (method, params, result: Json) => (full(method, params) ? { ...result, stateRoot: undefined } : result),
  ],
  [
    'another block than was asked for',
    (method, params, result: Json) => (full(method, params) ? { ...result, number: '0x2' } : result),
  ],
  [
    'ganache#220: an input of null',
    (method, params, result: Json) =>
      full(method, params)
        ? {
            ...result,
            transactions: (result['transactions'] as Json[]).map((one) => ({ ...one, input: null })),
          }
        : result,
  ],
  ['a log without an index', eachLog((logs) => logs.map((log) => ({ ...log, logIndex: null })))],
  ['Infura#50, openethereum#6637, graph-node#3862: no logs', eachLog(() => [])],
  ['lotus#13749, hyperindex#1498: the last of two like logs left out', eachLog((logs) => logs.slice(0, -1))],
  ['ponder#2309: a log twice', eachLog((logs) => [...logs, ...logs])],
  [
    'logs of a block that is gone',
    eachLog((logs) => logs.map((log) => ({ ...log, blockHash: `0x${'99'.repeat(32)}` }))),
  ],
  ['graph-node#5661: removed logs', eachLog((logs) => logs.map((log) => ({ ...log, removed: true })))],
  ['a result that is absent', (method, params, result) => (full(method, params) ? undefined : result)],
];

describe('the answers of providers', () => {
  let chain: MadeChain;
  let bad: TestProvider;
  let good: TestProvider;
  let rpc: ChainRpc | null;
  let truth: readonly ChainBlock[];
  let spoil: Spoil;

  beforeEach(async () => {
    chain = new MadeChain()
      .add()
      .add([[transfer(TOKEN)], []])
      .add()
      .add([[transfer(TOKEN), transfer(TOKEN)]]);
    spoil = (_method, _params, result) => result;
    bad = new TestProvider((method, params) => spoil(method, params, chain.answer(method, params) as never));
    good = new TestProvider(chain.answer);
    await bad.start();
    await good.start();
    rpc = null;
    truth = await blocksOf(open([good.url]));
  });
  afterEach(async () => {
    rpc?.close();
    await bad.stop();
    await good.stop();
  });

  function open(
    urls: readonly string[],
    least: BlockProof = 'BLOOM',
    receipts: 'ALL' | 'NEWEST' = 'ALL',
  ): BlockReader {
    rpc?.close();
    rpc = new ChainRpc({ urls, chainId: MADE_CHAIN_ID, timeoutMs: 60_000, logger: silentLogger });
    return new BlockReader(rpc, CONTRACTS, { logger: silentLogger, proof: { least, receipts } });
  }
  const blocksOf = async (reader: BlockReader): Promise<readonly ChainBlock[]> =>
    reader.blocks(0, (await reader.head()).number);

  it('are proved by receipts where those can be had', () => {
    expect(truth.map(({ proof }) => proof)).toEqual(['BLOOM', 'RECEIPTS', 'BLOOM', 'RECEIPTS']);
    expect(truth.map(({ logs }) => logs.length)).toEqual([0, 1, 0, 2]);
  });

  it.each(FAULTS)('with %s are the fault of that provider: the next is asked', async (_, fault) => {
    const reader = open([bad.url, good.url]);
    await reader.head(); // it was right before
    spoil = fault;
    expect(await blocksOf(reader)).toEqual(truth);
    const [first, second] = rpc?.status() ?? [];
    expect(first?.fault).toMatchObject({ code: expect.stringMatching(/^CHAIN_/) });
    expect(first?.fault?.message).not.toBe('');
    expect(second?.fault).toBeNull();
  });

  it.each(FAULTS)('with %s stop nothing for good where there is no other', async (_, fault) => {
    const reader = open([bad.url]);
    await reader.head();
    spoil = fault;
    const failure: unknown = await blocksOf(reader).catch((error: unknown) => error);
    expect(mayPass(failureClassOf(failure))).toBe(true);
    spoil = (_method, _params, result) => result;
    expect(await blocksOf(reader)).toEqual(truth);
  });

  it('are taken where a transaction has no recipient at all, as of a creation (ponder#2139)', async () => {
    chain.addCreation();
    const withoutNull = (one: Json): Json =>
      Object.fromEntries(Object.entries(one).filter(([name, value]) => name !== 'to' || value !== null));
    spoil = (method, params, result: Json) =>
      full(method, params)
        ? { ...result, transactions: (result['transactions'] as Json[]).map(withoutNull) }
        : result;
    const told = await blocksOf(open([bad.url]));
    expect(told).toHaveLength(truth.length + 1);
    expect(told).toEqual(await blocksOf(open([good.url])));
  });

  it('are asked for no logs where receipts tell them, and for blocks and receipts in one go', async () => {
    good.calls.length = good.authorizations.length = 0;
    const reader = open([good.url]);
    expect(await blocksOf(reader)).toEqual(truth);
    expect(good.calls).not.toContain('eth_getLogs');
    expect(good.authorizations).toHaveLength(3); // its chain, its newest block, and all of the range
  });

  it('are proved by each receipt where whole blocks of them are not to be had, which is asked once', async () => {
    chain.lacks.add('eth_getBlockReceipts');
    const reader = open([good.url]);
    expect(await blocksOf(reader)).toEqual(truth);
    expect(await blocksOf(reader)).toEqual(truth);
    const asked = good.calls.filter((method) => method === 'eth_getBlockReceipts');
    expect(asked).toHaveLength(4 + 4); // of all blocks in one batch; as many before, in the first reader
  });

  it('are proved by receipts of the newest blocks alone where less is wanted', async () => {
    for (let count = 0; count < 4; count += 1) chain.add([[transfer(TOKEN)]]);
    const blocks = await blocksOf(open([good.url], 'BLOOM', 'NEWEST'));
    const [older, newest] = [Array(4).fill('BLOOM'), Array(4).fill('RECEIPTS')];
    expect(blocks.map(({ proof }) => proof)).toEqual([...older, ...newest]);
  });

  it('of older blocks are proved by receipts too where a transaction of ours left no log', async () => {
    chain.addSilent(CONTRACTS.tokenFactory).add().add().add().add();
    const blocks = await blocksOf(open([good.url], 'BLOOM', 'NEWEST'));
    expect(blocks[4]).toMatchObject({ failures: [{ to: CONTRACTS.tokenFactory }] });
    expect(good.calls).not.toContain('eth_getTransactionReceipt');
    spoil = (method, _, result: readonly Json[]) =>
      method === 'eth_getBlockReceipts' ? result.map((one) => ({ ...one, status: '0x1' })) : result;
    const spoilt = blocksOf(open([bad.url], 'BLOOM', 'NEWEST'));
    await expect(spoilt).rejects.toMatchObject({ details: { what: 'RECEIPTS_ROOT' } });
  });

  describe('where receipts prove nothing', () => {
    const said =
      (status: string): Spoil =>
      (method, _, result: Json) =>
        method === 'eth_getTransactionReceipt' && result['blockNumber'] === '0x4'
          ? { ...result, status }
          : result;
    const [SUCCEEDED, REVERTED] = [said('0x1'), said('0x0')];
    let third: TestProvider;
    beforeEach(async () => {
      chain.lacks.add('eth_getBlockReceipts');
      third = new TestProvider(chain.answer);
      await third.start();
    });
    afterEach(() => third.stop());
    const failuresOf = async (urls: readonly string[]): Promise<number> =>
      (await blocksOf(open(urls)))[4]?.failures.length ?? 0;

    it('tell of a reverted transaction what others do not contradict', async () => {
      chain.addSilent(CONTRACTS.tokenFactory, { others: 64 });
      expect((await blocksOf(open([bad.url])))[4]).toMatchObject({ proof: 'BLOOM', failures: [{}] });
      expect(await failuresOf([bad.url, good.url])).toBe(1);
      spoil = SUCCEEDED;
      expect(await failuresOf([good.url, bad.url])).toBe(0);
      expect(await failuresOf([good.url, bad.url, third.url])).toBe(1);
      spoil = (method, _, result: Json) =>
        method === 'eth_getTransactionReceipt' && result['blockNumber'] === '0x4' ? null : result;
      expect(await failuresOf([good.url, bad.url])).toBe(1);
    });

    it('do not tell a transaction of ours as reverted by the word of one', async () => {
      chain.addSilent(CONTRACTS.tokenFactory, { others: 64, reverted: false });
      spoil = REVERTED;
      expect(await failuresOf([bad.url])).toBe(1);
      expect(await failuresOf([bad.url, good.url])).toBe(0);
      expect(await failuresOf([bad.url, good.url, third.url])).toBe(0);
    });
  });

  it('are published once as many providers as must have the same block', async () => {
    open([bad.url, good.url]);
    if (rpc === null) throw new RangeError('No providers');
    const reader = new BlockReader(rpc, CONTRACTS, { logger: silentLogger, quorum: 2 });
    expect((await blocksOf(reader)).map(({ providers }) => providers)).toEqual([2, 2, 2, 2]);
    let held = true; // the other has not got it yet
    good.answering = (method, params) =>
      held && method === 'eth_getBlockByNumber' && params[0] === '0x3' ? null : chain.answer(method, params);
    await expect(reader.blocks(0, 3)).rejects.toMatchObject({
      ...{
        code: 'CHAIN_QUORUM_MISSING',
        failureClass: 'LATER',
        details: { number: 3, providers: 1, quorum: 2 },
      },
    });
    held = false;
    expect(await reader.blocks(3, 3)).toMatchObject([{ providers: 2 }]);
    const other = new MadeChain()
      .add([[transfer(TOKEN)]])
      .add()
      .add()
      .add();
    good.answering = other.answer;
    await expect(reader.blocks(0, 3)).rejects.toMatchObject({ code: 'CHAIN_QUORUM_MISSING' });
  });

  it('that cannot be proved as far as is asked are refused', async () => {
    for (const method of ['eth_getBlockReceipts', 'eth_getTransactionReceipt']) chain.lacks.add(method);
    expect((await blocksOf(open([good.url]))).map(({ proof }) => proof)).toEqual(Array(4).fill('BLOOM'));
    await expect(blocksOf(open([good.url], 'RECEIPTS'))).rejects.toMatchObject({
      ...{ code: 'CHAIN_DATA_INCONSISTENT', details: { what: 'RECEIPTS_ROOT', provider: good.url } },
    });
  });

  it('are asked for in the ranges that a provider was found to give, and not in larger ones again (hyperindex#716)', async () => {
    for (let count = 0; count < 12; count += 1) chain.add([[transfer(TOKEN)]]);
    const ranges: number[] = [];
    spoil = (method, [filter], result) => {
      if (method !== 'eth_getLogs') return result;
      const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string };
      ranges.push(Number(toBlock) - Number(fromBlock) + 1);
      return (ranges.at(-1) ?? 0) > 5 ? fail(-32602, 'eth_getLogs is limited to a 5 range') : result;
    };
    const reader = open([bad.url]);
    const blocks = await reader.blocks(0, 15);
    expect(blocks.map(({ number }) => number)).toEqual(Array.from({ length: 16 }, (_, index) => index));
    expect(rpc?.status()[0]).toMatchObject({ rangeMax: 5, fault: null });
    ranges.length = 0;
    await reader.blocks(0, 15);
    expect(Math.max(...ranges)).toBe(5);
  });
});
