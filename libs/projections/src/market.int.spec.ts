import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { poolAnalytics } from './analytics/pool-analytics.js';
import { tokenAnalytics } from './analytics/token-analytics.js';
import { trendingTokens } from './analytics/trending-tokens.js';
import { listCandles } from './candles/queries.js';
import { blocksByNumbers, chainHead, finalityOf } from './chain-head/queries.js';
import { parkedEvents } from './parked-events.js';
import { feesInForceNow } from './contracts/fees-queries.js';
import { forwarderNonce } from './forwarder/queries.js';
import { balanceOf, listHolders, supplyMismatches } from './holdings/queries.js';
import { listPools, poolById } from './pools/queries.js';
import { portfolio } from './portfolio/queries.js';
import { listLiquidityChanges, positionOf } from './positions/queries.js';
import { creationsOfTokens } from './requests/queries.js';
import { listSwaps } from './swaps/queries.js';
import type { ProjectionBench } from './testing/projection-bench.js';
import {
  ALICE,
  BOB,
  GOLD,
  here,
  IRON,
  LOOSE,
  MANAGER,
  openScriptedMarket,
  POOL,
  REQUEST,
  there,
  ZERO,
} from './testing/scripted-market.js';
import { CHAIN_ID, type SimulatedChain } from './testing/simulated-chain.js';
import { ASKS } from './testing/simulated-requests.js';
import { listTokens, type TokenFilter } from './tokens/list-tokens.js';
import { tokenByAddress } from './tokens/queries.js';
import { listTransactions } from './transactions/queries.js';

describe('the market of a scripted chain, beside another with the same addresses', () => {
  let bench: ProjectionBench;
  let chain: SimulatedChain;

  beforeAll(async () => {
    ({ bench, chain } = await openScriptedMarket());
  });
  afterAll(async () => bench.close());

  const now = (): number => chain.head?.time ?? 0;
  const page = { first: 50 };

  it('is folded without leaving anything out', async () => {
    expect(await parkedEvents(bench.pool)).toEqual([]);
    expect(await supplyMismatches(bench.db)).toEqual([]);
  });

  it('says how far the chain is known and final', async () => {
    const head = await chainHead(bench.db, CHAIN_ID);
    expect(head).toMatchObject({ number: 9, finalizedNumber: 5, time: now() });
    expect(finalityOf(5, head)).toEqual({ status: 'FINAL', confirmations: 5 });
    expect(finalityOf(9, head)).toEqual({ status: 'CONFIRMED', confirmations: 1 });
    expect(finalityOf(10, head)).toEqual({ status: 'CONFIRMED', confirmations: 0 });
    expect(await blocksByNumbers(bench.db, { chainId: CHAIN_ID, numbers: [9] })).toMatchObject([
      { number: 9, hash: head.hash },
    ]);
  });

  it('has a token as the chain has it, and knows the request that it was created by', async () => {
    expect(await tokenByAddress(bench.db, { ...here, address: GOLD })).toMatchObject({
      ...{ chainId: CHAIN_ID, address: GOLD, status: 'DEPLOYED', creator: ALICE, decimals: 6, holders: 3 },
      ...{ metadataUri: 'ipfs://GLD', blockNumber: 1, commandId: REQUEST },
    });
    const creations = await creationsOfTokens(bench.db, { ...here, tokens: [GOLD, IRON] });
    expect(creations.map(({ id, token, terms }) => [id, token, terms])).toEqual([
      [REQUEST, GOLD, ASKS.TokenCreationRequested],
    ]);
    expect(await creationsOfTokens(bench.db, { ...there, tokens: [GOLD] })).toEqual([]);
  });

  it('lists tokens by page, newest first, each once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const input = { ...here, now: now(), page: { first: 1, after } };
      const { edges, pageInfo } = await listTokens(bench.db, input);
      seen.push(...edges.map(({ node }) => node.symbol));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(['LSE', 'IRN', 'GLD']);
  });

  it.each([
    ['gold', ['GLD']],
    ['COIN', ['GLD']],
    ['0X111', ['GLD']],
    ['100%_', ['LSE']],
    ['%', ['LSE']],
    ['nothing', []],
  ])('finds tokens by %p', async (search, symbols) => {
    const { edges } = await listTokens(bench.db, { ...here, filter: { search }, now: now(), page });
    expect(edges.map(({ node }) => node.symbol)).toEqual(symbols);
  });

  it('filters tokens by creator and status', async () => {
    const list = async (filter: TokenFilter) =>
      (await listTokens(bench.db, { ...here, filter, now: now(), page })).edges.map(
        ({ node }) => `${node.symbol} ${node.status}`,
      );
    expect(await list({ creator: BOB })).toEqual([]);
    expect(await list({})).toEqual(['LSE DEACTIVATED', 'IRN DEPLOYED', 'GLD DEPLOYED']);
    expect(await list({ statuses: ['DEACTIVATED'] })).toEqual(['LSE DEACTIVATED']);
    expect(await list({ statuses: ['DEPLOYED'], creator: ALICE })).toEqual(['IRN DEPLOYED', 'GLD DEPLOYED']);
  });

  it.each(['HOLDERS', 'MARKET_CAP', 'LIQUIDITY', 'VOLUME'] as const)(
    'ranks tokens by %s, page by page',
    async (sort) => {
      const first = await listTokens(bench.db, { ...here, sort, now: now(), page: { first: 1 } });
      const rest = await listTokens(bench.db, {
        ...here,
        sort,
        now: now(),
        page: { first: 5, after: first.pageInfo.endCursor },
      });
      const symbols = [...first.edges, ...rest.edges].map(({ node }) => node.symbol);
      expect([...symbols].sort()).toEqual(['GLD', 'IRN', 'LSE']);
      expect(symbols.at(-1)).toBe('LSE');
    },
  );

  it('has the pool as the contract would', async () => {
    const pool = await poolById(bench.db, { ...here, id: POOL });
    expect(pool).toMatchObject({
      tokenA: GOLD,
      tokenB: IRON,
      reserveA: '1030969',
      reserveB: '3897700',
      totalLiquidity: '2000000',
      creator: ALICE,
      swapCount: 3,
      blockNumber: 2,
      updatedBlock: 9,
    });
    for (const sort of ['NEWEST', 'LIQUIDITY', 'SWAPS'] as const) {
      const listed = await listPools(bench.db, {
        ...here,
        filter: { token: IRON },
        sort,
        page: { first: 1 },
      });
      expect(listed.edges[0]?.node).toEqual(pool);
      const after = listed.pageInfo.endCursor;
      expect(
        (await listPools(bench.db, { ...here, filter: { token: IRON }, sort, page: { first: 1, after } }))
          .edges,
      ).toEqual([]);
    }
    expect(await feesInForceNow(bench.db, CHAIN_ID)).toEqual({
      swapFee: 30n,
      protocolFee: 10n,
      tokenCreationFee: 1_000n,
      updatedBlock: 1,
    });
  });

  it('lists swaps newest first with what they paid', async () => {
    const { edges } = await listSwaps(bench.db, { ...here, filter: { token: IRON }, page });
    expect(
      edges.map(({ node }) => [node.user, node.amountIn, node.fee, node.protocolFee, node.sellsA]),
    ).toEqual([
      [BOB, '1000', '3', '1', true],
      [ALICE, '20000', '60', '20', true],
      [BOB, '10000', '30', '10', true],
    ]);
    const mine = await listSwaps(bench.db, {
      ...here,
      filter: { user: BOB, poolId: POOL },
      page: { first: 1 },
    });
    expect(mine.pageInfo.hasNextPage).toBe(true);
    const { endCursor } = mine.pageInfo;
    const next = await listSwaps(bench.db, {
      ...here,
      filter: { user: BOB },
      page: { first: 5, after: endCursor },
    });
    expect(next.edges.map(({ node }) => node.amountIn)).toEqual(['10000']);
  });

  it('reckons a token by its deepest pool and the day before now', async () => {
    const gold = (await tokenAnalytics(bench.db, { ...here, addresses: [GOLD, LOOSE], now: now() })).get(
      GOLD,
    );
    expect(gold).toEqual({
      address: GOLD,
      referencePoolId: POOL,
      // 3,897,700 whole iron for 1.030969 whole gold
      price: {
        quoteIsForeign: false,
        quoteToken: IRON,
        numerator: '3897700',
        denominator: '1030969',
        value: '3780618.03992166592',
      },
      // After 3,961,000 for 1.00999, by the last trade before the day.
      priceChange24h: '-3.6004439',
      volume24h: '21000',
      marketCap: ((100_000_000n * 3_897_700n) / 1_030_969n).toString(),
      holders: 3,
      transactions24h: 2,
      liquidity: '1030969',
    });
    const loose = (await tokenAnalytics(bench.db, { ...here, addresses: [LOOSE], now: now() })).get(LOOSE);
    expect(loose).toMatchObject({
      price: null,
      priceChange24h: null,
      volume24h: '0',
      marketCap: null,
      holders: 1,
    });
  });

  it('reckons a pool by the day before now', async () => {
    const pool = (await poolAnalytics(bench.db, { ...here, poolIds: [POOL], now: now() })).get(POOL);
    // Kept by those who provide: 40 + 2 gold of 1,030,969, on a worth of twice that.
    const apy = (42n * 365n * 100n * 10n ** 12n) / (2n * 1_030_969n);
    expect(pool).toMatchObject({
      volume24hA: '21000',
      volume24hB: '63300',
      fees24hA: '63',
      fees24hB: '0',
      transactions24h: 2,
    });
    expect(pool?.apy).toBe(`0.${apy.toString().padStart(12, '0')}`.slice(0, pool?.apy?.length));
  });

  it('trends by different people, and not what is deactivated', async () => {
    const trending = await trendingTokens(bench.db, { ...here, limit: 10, now: now() });
    expect(trending.map(({ token, traders24h, swaps24h }) => [token.symbol, traders24h, swaps24h])).toEqual([
      ['GLD', 2, 2],
      ['IRN', 2, 2],
    ]);
  });

  it('draws candles of exact fractions', async () => {
    const day = await listCandles(bench.db, {
      ...here,
      poolId: POOL,
      interval: '1d',
      from: 0,
      to: now() + 1,
    });
    expect(
      day.map(({ open, high, low, close, volumeA, swaps }) => [open, high, low, close, volumeA, swaps]),
    ).toEqual([
      [
        { b: '39000', a: '10000' },
        { b: '39000', a: '10000' },
        { b: '39000', a: '10000' },
        { b: '39000', a: '10000' },
        '10000',
        1,
      ],
      [
        { b: '60000', a: '20000' },
        { b: '3300', a: '1000' },
        { b: '60000', a: '20000' },
        { b: '3300', a: '1000' },
        '21000',
        2,
      ],
    ]);
    const minutes = await listCandles(bench.db, {
      ...here,
      poolId: POOL,
      interval: '1m',
      from: 0,
      to: now() + 1,
      limit: 2,
    });
    expect(minutes.map(({ time }) => time % 60)).toEqual([0, 0]);
    expect(minutes.map(({ blockNumber }) => blockNumber)).toEqual([3, 9]);
  });

  it('knows who holds and provides what', async () => {
    expect(await balanceOf(bench.db, { ...here, token: IRON, holder: BOB })).toBe(42_300n);
    expect(await balanceOf(bench.db, { ...here, token: LOOSE, holder: BOB })).toBe(0n);
    const holders = await listHolders(bench.db, { ...here, token: GOLD, page: { first: 2 } });
    expect(holders.edges.map(({ node }) => node.holder)).toEqual([ALICE, MANAGER]);
    const position = await positionOf(bench.db, { ...here, poolId: POOL, owner: ALICE });
    expect(position).toMatchObject({
      liquidity: '1999000',
      worthA: ((1_999_000n * 1_030_969n) / 2_000_000n).toString(),
    });
    const alice = await portfolio(bench.db, { ...here, address: ALICE });
    expect(alice.holdings.map(({ token }) => token)).toEqual([GOLD, IRON, LOOSE]);
    expect(alice.positions).toEqual([position]);
    const changes = await listLiquidityChanges(bench.db, { ...here, filter: { poolId: POOL }, page });
    expect(changes.edges.map(({ node }) => [node.user, node.kind])).toEqual([
      [ALICE, 'ADD'],
      [ZERO, 'ADD'],
    ]);
    expect(await forwarderNonce(bench.db, { ...here, signer: BOB })).toBe(1n);
    expect(await forwarderNonce(bench.db, { ...here, signer: ALICE })).toBe(0n);
  });

  it('lists transactions by their weightiest deed, newest first', async () => {
    const { edges } = await listTransactions(bench.db, { ...here, page });
    expect(edges.map(({ node }) => `${node.type ?? 'unknown'} ${node.status}`)).toEqual([
      'DEACTIVATE_TOKEN CONFIRMED',
      'SWAP CONFIRMED',
      'SWAP CONFIRMED',
      'unknown FAILED',
      'SWAP CONFIRMED',
      'TRANSFER CONFIRMED',
      'CREATE_POOL CONFIRMED',
      'CREATE_TOKEN CONFIRMED',
      'CREATE_TOKEN CONFIRMED',
      'CREATE_TOKEN CONFIRMED',
    ]);
    const pool = await listTransactions(bench.db, {
      ...here,
      filter: { poolId: POOL, user: ALICE, statuses: ['CONFIRMED'] },
      page,
    });
    expect(pool.edges.map(({ node }) => node.type)).toEqual(['SWAP', 'CREATE_POOL']);
  });
});
