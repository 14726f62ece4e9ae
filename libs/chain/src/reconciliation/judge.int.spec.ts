import { silentLogger as logger } from '@abland/kernel';
import type { Reconciled } from '@abland/domain';
import { SeededRandom } from '@abland/testing/seeded-random';
import {
  CALL_FAULTS,
  type ProviderFault,
  SIMULATED_CONTRACTS,
  SimulatedChain,
  SimulatedProvider,
} from '@abland/testing/simulated-chain';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { getAddress } from 'ethers';
import type { BlockId } from '../asking/call-at-block.js';
import { ChainRpc } from '../rpc/chain-rpc.js';
import type { Question } from './ask-chain.js';
import { answerOfAny, judge } from './judge.js';

const CHAIN_ID = 7;
const faultNamed = (name: string): ProviderFault => {
  const fault = CALL_FAULTS.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`There is no fault ${name}`);
  return fault;
};
/** Says one unit more of whatever is called. */
const LIES: ProviderFault = {
  name: 'lies',
  result: (result, { method }) =>
    method === 'eth_call'
      ? `${String(result).slice(0, -2)}${String(result).endsWith('07') ? '08' : '07'}`
      : result,
};
/** Returns nothing, whatever is called. */
const EMPTY: ProviderFault = {
  name: 'empty',
  result: (result, { method }) => (method === 'eth_call' ? '0x' : result),
};
/** As where nothing was ever deployed. */
const GONE: ProviderFault = {
  name: 'gone',
  result: (result, { method }) => (method === 'eth_call' || method === 'eth_getCode' ? '0x' : result),
};
const refusingCode = ({ method }: { readonly method: string }) =>
  method === 'eth_getCode' ? { code: -32601, message: 'the method eth_getCode does not exist' } : null;
const BEHIND: ProviderFault = { name: 'behind', view: (chain) => chain.blocks.slice(0, -3) };

describe('what read models have of a block, beside what providers say of it', () => {
  const chain = new SimulatedChain(new SeededRandom(5), { chainId: CHAIN_ID, transactionsMax: 6 });
  const providers: SimulatedProvider[] = [];
  const rpcs: ChainRpc[] = [];
  let block: BlockId;
  let right: readonly Question[];
  const rpcOf = (...some: readonly (SimulatedProvider | undefined)[]): ChainRpc => {
    const urls = some.map((provider) => provider?.url ?? '');
    const rpc = new ChainRpc({ urls, chainId: CHAIN_ID, logger, timeoutMs: 60_000 });
    rpcs.push(rpc);
    return rpc;
  };

  beforeAll(async () => {
    while (chain.head.state.pools.size < 3) chain.mine();
    for (let index = 0; index < 2; index += 1)
      providers.push(await SimulatedProvider.start(chain, new SeededRandom(index)));
    block = chain.head;
    right = truth();
  });
  afterEach(() => {
    for (const provider of providers) provider.fault = null;
    for (const rpc of rpcs.splice(0)) rpc.close();
  });
  afterAll(async () => {
    for (const provider of providers) await provider.stop();
  });

  /** Of each kind what the market holds, so that nothing differs. */
  function truth(): readonly Question[] {
    const { balances, pools, protocolFee, swapFee } = chain.head.state;
    const nobody = { poolId: null, account: null };
    const contract = getAddress(SIMULATED_CONTRACTS.liquidityManager);
    const ofPools = [...pools].flatMap(([poolId, pool]): Question[] => [
      {
        of: { kind: 'POOL', contract, poolId, account: null },
        values: {
          ...{ reserveA: `${pool.reserveA}`, reserveB: `${pool.reserveB}` },
          totalLiquidity: `${pool.total}`,
        },
      },
      ...[...pool.shares].slice(1).map(([account, share]) => ({
        of: { kind: 'POSITION', contract, poolId, account } satisfies Reconciled,
        values: { liquidity: `${share}` },
      })),
    ]);
    const ofTokens = [...balances].flatMap(([token, held]): Question[] => [
      {
        of: { kind: 'SUPPLY', contract: token, ...nobody },
        values: { totalSupply: `${[...held.values()].reduce((sum, one) => sum + one, 0n)}` },
      },
      ...[...held].map(([account, balance]) => ({
        of: { kind: 'BALANCE', contract: token, poolId: null, account } satisfies Reconciled,
        values: { balance: `${balance}` },
      })),
    ]);
    const settings: Question = {
      of: { kind: 'SETTINGS', contract, ...nobody },
      values: { swapFee: `${swapFee}`, protocolFee: `${protocolFee}`, owner: '0', paused: 'false' },
    };
    return [settings, ...ofPools, ...ofTokens];
  }

  const falsified = (): readonly Question[] => {
    const [first, ...rest] = right;
    if (first === undefined) throw new Error('Nothing to compare');
    return [{ ...first, values: { ...first.values, swapFee: '1' } }, ...rest];
  };
  const kindsOf = async (rpc: ChainRpc, questions = right): Promise<ReadonlySet<string>> =>
    new Set((await judge(rpc, block, questions)).map(({ kind }) => kind));

  it('agrees where it is right, of every kind', async () => {
    expect(new Set(right.map(({ of }) => of.kind)).size).toBe(5);
    expect(await kindsOf(rpcOf(providers[0]))).toEqual(new Set(['AGREES']));
  });

  it('drifts where all say otherwise, and in nothing else', async () => {
    const [first, ...others] = await judge(rpcOf(...providers), block, falsified());
    const differences = [{ name: 'swapFee', ours: '1', chain: `${chain.head.state.swapFee}` }];
    expect(first).toEqual({ kind: 'DRIFTS', differences });
    expect(new Set(others.map(({ kind }) => kind))).toEqual(new Set(['AGREES']));
  });

  it.each(['null for a call', 'no calls', 'old states forgotten'])(
    'is asked of the next provider where one has %s, and of nobody else',
    async (name) => {
      const [first, second] = providers;
      if (first !== undefined) first.fault = faultNamed(name);
      expect(await kindsOf(rpcOf(first, second))).toEqual(new Set(['AGREES']));
      expect(await kindsOf(rpcOf(first), falsified())).toEqual(new Set(['UNANSWERED']));
    },
  );

  it('is asked of the next provider where one returns nothing of a contract that it has the code of, and drifts for none', async () => {
    const [first, second] = providers;
    if (first !== undefined) first.fault = EMPTY;
    expect(await kindsOf(rpcOf(first, second))).toEqual(new Set(['AGREES']));
    expect(await kindsOf(rpcOf(first))).toEqual(new Set(['UNANSWERED']));
    if (first !== undefined) first.fault = { ...EMPTY, refusal: refusingCode };
    expect(await kindsOf(rpcOf(first))).toEqual(new Set(['UNANSWERED']));
  });

  it('drifts where a contract is not there', async () => {
    const [first] = providers;
    if (first !== undefined) first.fault = GONE;
    const some = right.filter(({ values }) => Object.values(values ?? {}).some((value) => value !== '0'));
    expect(await kindsOf(rpcOf(first), some)).toEqual(new Set(['DRIFTS']));
  });

  it('is asked by number where a provider takes no hash, and only of that very block', async () => {
    const [first] = providers;
    if (first !== undefined) first.fault = faultNamed('no blocks by hash in calls');
    expect(await kindsOf(rpcOf(first))).toEqual(new Set(['AGREES']));
    const other = { ...block, hash: `0x${'9'.repeat(64)}` };
    const verdicts = await judge(rpcOf(first), other, falsified());
    expect(new Set(verdicts.map(({ kind }) => kind))).toEqual(new Set(['UNANSWERED']));
  });

  it('is not told to drift by a provider that has not the block yet, nor by one on another branch', async () => {
    const [first] = providers;
    if (first !== undefined) first.fault = BEHIND;
    expect(await kindsOf(rpcOf(first), falsified())).toEqual(new Set(['UNANSWERED']));
    if (first !== undefined) first.fault = null;
    const uncle = { ...block, hash: `0x${'8'.repeat(64)}` };
    const verdicts = await judge(rpcOf(first), uncle, right);
    expect(new Set(verdicts.map(({ kind }) => kind))).toEqual(new Set(['UNANSWERED']));
  });

  it('is a dispute of theirs where one of two providers lies, whichever is asked first', async () => {
    const [liar, honest] = providers;
    if (liar !== undefined) liar.fault = LIES;
    const verdicts = await judge(rpcOf(liar, honest), block, right);
    expect(new Set(verdicts.map(({ kind }) => kind))).toEqual(new Set(['DISPUTED']));
    const [first] = verdicts;
    expect(first?.kind === 'DISPUTED' ? new Set(first.said.map(({ provider }) => provider)) : null).toEqual(
      new Set(providers.map(({ url }) => expect.stringContaining(new URL(url).host)) as unknown[]),
    );
    expect(await kindsOf(rpcOf(honest, liar))).toEqual(new Set(['AGREES']));
    expect((await judge(rpcOf(honest, liar), block, falsified()))[0]).toMatchObject({ kind: 'DISPUTED' });
  });

  it('says nothing of an older block whose state everybody forgot', async () => {
    for (const provider of providers) provider.fault = faultNamed('old states forgotten');
    const [question] = right;
    if (question === undefined) throw new Error('Nothing to compare');
    expect(await answerOfAny(rpcOf(...providers), block, question)).toBeNull();
  });
});
