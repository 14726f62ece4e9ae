import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { poolAnalytics } from './analytics/pool-analytics.js';
import { tokenAnalytics } from './analytics/token-analytics.js';
import { trendingTokens } from './analytics/trending-tokens.js';
import { listCandles } from './candles/queries.js';
import { blocksByNumbers, chainHead } from './chain-head/queries.js';
import { feesInForceNow, listFeeChanges } from './contracts/fees-queries.js';
import { forwarderNonce } from './forwarder/queries.js';
import { balanceOf, supplyMismatches } from './holdings/queries.js';
import { listPools, poolById } from './pools/queries.js';
import { portfolio } from './portfolio/queries.js';
import { positionOf } from './positions/queries.js';
import { stateChecksum } from './checksums.js';
import { listSwaps } from './swaps/queries.js';
import type { ProjectionBench } from './testing/projection-bench.js';
import {
  ALICE,
  BOB,
  GOLD,
  here,
  IRON,
  openScriptedMarket,
  POOL,
  REQUEST,
  there,
} from './testing/scripted-market.js';
import { CHAIN_ID, OTHER_CHAIN_ID, type SimulatedChain } from './testing/simulated-chain.js';
import { listTokens } from './tokens/list-tokens.js';
import { tokenByAddress } from './tokens/queries.js';
import { listTransactions, transactionByHash } from './transactions/queries.js';

describe('a second chain with the same addresses', () => {
  let bench: ProjectionBench;
  let chain: SimulatedChain;
  let other: SimulatedChain;

  beforeAll(async () => {
    ({ bench, chain, other } = await openScriptedMarket());
  });
  afterAll(async () => bench.close());

  const now = (): number => chain.head?.time ?? 0;
  const page = { first: 50 };

  it('has its own figures on the other chain, of the same addresses', async () => {
    expect(await chainHead(bench.db, OTHER_CHAIN_ID)).toMatchObject({
      ...{ number: 3, finalizedNumber: null, proof: 'BLOOM', providers: 2 },
    });
    const of = [1, 2, 3, 4];
    const blocks = await blocksByNumbers(bench.db, { ...there, numbers: of });
    expect(blocks.map(({ number }) => number).toSorted()).toEqual([1, 2, 3]);
    expect(blocks.find(({ number }) => number === 3)?.hash).toBe(other.head?.hash);
    const tokens = await listTokens(bench.db, { ...there, now: now(), page });
    expect(tokens.edges.map(({ node }) => [node.chainId, node.symbol, node.status, node.holders])).toEqual([
      [OTHER_CHAIN_ID, 'IRN', 'DEPLOYED', 2],
      [OTHER_CHAIN_ID, 'FGL', 'DEACTIVATED', 2],
    ]);
    expect(await tokenByAddress(bench.db, { ...there, address: GOLD })).toMatchObject({
      ...{ chainId: OTHER_CHAIN_ID, symbol: 'FGL', totalSupply: '90000000', decimals: 8, commandId: null },
    });
    const fools = { filter: { search: 'fool' }, now: now(), page };
    expect((await listTokens(bench.db, { ...there, ...fools })).edges).toHaveLength(1);
    expect((await listTokens(bench.db, { ...here, ...fools })).edges).toEqual([]);
    const pool = { chainId: OTHER_CHAIN_ID, reserveA: '1000005' };
    expect(await poolById(bench.db, { ...there, id: POOL })).toMatchObject(pool);
    expect(await supplyMismatches(bench.db)).toEqual([]);
    expect(await listPools(bench.db, { ...there, page })).toMatchObject({
      edges: [{ node: { id: POOL, chainId: OTHER_CHAIN_ID, reserveA: '1000005', swapCount: 1 } }],
    });
    expect((await listSwaps(bench.db, { ...there, page })).edges).toMatchObject([
      { node: { chainId: OTHER_CHAIN_ID, amountIn: '5', user: ALICE, blockNumber: 3 } },
    ]);
    expect(await feesInForceNow(bench.db, OTHER_CHAIN_ID)).toMatchObject({ swapFee: 40n, updatedBlock: 3 });
    expect(await forwarderNonce(bench.db, { ...there, signer: BOB })).toBe(7n);
    expect(await balanceOf(bench.db, { ...there, token: GOLD, holder: BOB })).toBe(0n);
    expect(await positionOf(bench.db, { ...there, poolId: POOL, owner: ALICE })).toMatchObject({
      ...{ chainId: OTHER_CHAIN_ID, worthA: ((1_999_000n * 1_000_005n) / 2_000_000n).toString() },
    });
    expect((await portfolio(bench.db, { ...there, address: BOB })).holdings).toEqual([]);
    const window = { poolId: POOL, interval: '1d' as const, from: 0, to: now() + 1 };
    expect((await listCandles(bench.db, { ...there, ...window })).map(({ volumeA }) => volumeA)).toEqual([
      '5',
    ]);
    const at = { ...there, now: other.head?.time ?? 0 };
    expect((await tokenAnalytics(bench.db, { ...at, addresses: [IRON] })).get(IRON)).toMatchObject({
      price: { quoteToken: GOLD, value: '0.000000250002500012500062' },
      // From what the pool was opened at.
      priceChange24h: '0.001000005',
      ...{ volume24h: '20', transactions24h: 1, holders: 2, liquidity: '3999980' },
    });
    expect((await tokenAnalytics(bench.db, { ...at, addresses: [GOLD] })).get(GOLD)).toMatchObject({
      ...{ volume24h: '5', transactions24h: 1, priceChange24h: '-0.000999995' },
    });
    const later = await tokenAnalytics(bench.db, { ...there, now: now(), addresses: [GOLD] });
    expect(later.get(GOLD)).toMatchObject({ volume24h: '0', priceChange24h: '0' });
    expect((await poolAnalytics(bench.db, { ...at, poolIds: [POOL] })).get(POOL)).toMatchObject({
      volume24hA: '5',
      volume24hB: '20',
      transactions24h: 2,
    });
    const trending = await trendingTokens(bench.db, { ...at, limit: 5 });
    expect(trending.map(({ token, traders24h }) => [token.symbol, traders24h])).toEqual([['IRN', 1]]);
    for (const sort of ['HOLDERS', 'MARKET_CAP', 'LIQUIDITY', 'VOLUME'] as const) {
      const ranked = await listTokens(bench.db, { ...at, sort, page });
      expect(ranked.edges.map(({ node }) => node.symbol).sort()).toEqual(['FGL', 'IRN']);
    }
  });

  it('calls what one log told by chain, block and log', async () => {
    const [here1, there1] = await Promise.all(
      [here, there].map(async (on) => (await listSwaps(bench.db, { ...on, page })).edges.at(-1)?.node),
    );
    expect(here1?.id).toBe(`${CHAIN_ID}-3-${here1?.logIndex}`);
    expect(there1?.id).toBe(`${OTHER_CHAIN_ID}-3-${there1?.logIndex}`);
    const changes = await listFeeChanges(bench.db, { ...there, filter: { kind: 'SWAP' }, page });
    expect(changes.edges.map(({ node }) => [node.id.split('-').slice(0, 2), node.newValue])).toEqual([
      [[`${OTHER_CHAIN_ID}`, '3'], '40'],
      [[`${OTHER_CHAIN_ID}`, '1'], '30'],
    ]);
  });

  it('tells transactions of one hash apart, as the chains mined the same', async () => {
    const hash = chain.blocks[0]?.events[0]?.metadata.chain?.txHash ?? '';
    expect(other.blocks[0]?.events[0]?.metadata.chain?.txHash).toBe(hash);
    const created = chain.blocks[0]?.events.find(({ type }) => type === 'TokenCreated')?.metadata.chain;
    const of = { hash: created?.txHash ?? '' };
    expect(await transactionByHash(bench.db, { ...here, ...of })).toMatchObject({
      chainId: CHAIN_ID,
      commandId: REQUEST,
    });
    expect(await transactionByHash(bench.db, { ...there, ...of })).toMatchObject({
      chainId: OTHER_CHAIN_ID,
      commandId: null,
    });
    const listed = await listTransactions(bench.db, { ...there, page });
    expect(listed.edges.map(({ node }) => node.type)).toEqual([
      'DEACTIVATE_TOKEN',
      'SWAP',
      'CREATE_POOL',
      'CREATE_TOKEN',
      'CREATE_TOKEN',
    ]);
  });

  it('is the same when it is built anew', async () => {
    const before = await stateChecksum(bench.pool);
    await bench.forget();
    await bench.project({ batchSize: 7 });
    expect(await stateChecksum(bench.pool)).toEqual(before);
  });
});
