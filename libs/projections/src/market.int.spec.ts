import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyEvent } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import type { NewEvent } from '@abland/kernel';
import { poolAnalytics } from './analytics/pool-analytics.js';
import { tokenAnalytics } from './analytics/token-analytics.js';
import { trendingTokens } from './analytics/trending-tokens.js';
import { listCandles } from './candles/queries.js';
import { blockByNumber, chainHead, finalityOf } from './chain-head/queries.js';
import { parkedEvents } from './engine/status.js';
import { feesInForceNow } from './fees/queries.js';
import { forwarderNonce } from './forwarder/queries.js';
import { balanceOf, listHolders, supplyMismatches } from './holdings/queries.js';
import { listPools, poolById, poolOfTokens } from './pools/queries.js';
import { portfolio } from './portfolio/queries.js';
import { listLiquidityChanges, positionOf } from './positions/queries.js';
import { listSwaps } from './swaps/queries.js';
import type { Deed, Fact } from './testing/market-deeds.js';
import { ProjectionBench } from './testing/projection-bench.js';
import { SeededRandom } from '@abland/testing/seeded-random';
import { CHAIN_ID, CHAIN_STREAM, SimulatedChain } from './testing/simulated-chain.js';
import { aggregateEvent, INPUT_HASH } from './testing/simulated-orders.js';
import { listTokens } from './tokens/list-tokens.js';
import { tokenByAddress, tokenById } from './tokens/queries.js';
import { listTransactions } from './transactions/queries.js';

const at = (letter: string): string => `0x${letter.repeat(40)}`;
const [ALICE, BOB, MANAGER, ZERO] = [at('a'), at('b'), at('c'), at('0')];
const [GOLD, IRON, LOOSE] = [at('1'), at('2'), at('3')];
const POOL = `0x${'9'.repeat(64)}`;
const REQUEST = '11111111-1111-4111-8111-111111111111';
const WAITING = '22222222-2222-4222-8222-222222222222';
const FORGED = '33333333-3333-4333-8333-333333333333';
const DAY = 86_400;
const AT = '2026-01-01T00:00:00.000Z';

const move = (tokenAddress: string, from: string, to: string, amount: bigint): Fact => ({
  type: 'Transfer',
  data: { tokenAddress, from, to, amount: `${amount}` },
});
const create =
  (tokenAddress: string, name: string, symbol: string, supply: bigint, decimals: number): Deed =>
  () => [
    move(tokenAddress, ZERO, ALICE, supply),
    {
      type: 'TokenCreated',
      data: { tokenAddress, creator: ALICE, name, symbol, totalSupply: `${supply}` },
    },
    { type: 'TokenMetadataUpdated', data: { tokenAddress, decimals, metadataURI: `ipfs://${symbol}` } },
  ];
const added = (user: string, a: bigint, b: bigint, liquidity: bigint): Fact => ({
  type: 'LiquidityAdded',
  data: { user, poolId: POOL, amountA: `${a}`, amountB: `${b}`, liquidity: `${liquidity}` },
});
const sync = (a: bigint, b: bigint): Fact => ({
  type: 'Sync',
  data: { poolId: POOL, reserveA: `${a}`, reserveB: `${b}` },
});
const openPool: Deed = () => [
  { type: 'PoolCreated', data: { poolId: POOL, tokenA: GOLD, tokenB: IRON } },
  move(GOLD, ALICE, MANAGER, 1_000_000n),
  move(IRON, ALICE, MANAGER, 4_000_000n),
  added(ZERO, 0n, 0n, 1_000n),
  added(ALICE, 1_000_000n, 4_000_000n, 1_999_000n),
  sync(1_000_000n, 4_000_000n),
];
/** Sells gold for iron. */
const sell =
  (user: string, gold: bigint, iron: bigint, a: bigint, b: bigint): Deed =>
  () => [
    move(GOLD, user, MANAGER, gold),
    move(IRON, MANAGER, user, iron),
    {
      type: 'Swap',
      data: { user, poolId: POOL, tokenIn: GOLD, tokenOut: IRON, amountIn: `${gold}`, amountOut: `${iron}` },
    },
    sync(a, b),
  ];

describe('the market of a scripted chain', () => {
  let bench: ProjectionBench;
  let chain: SimulatedChain;
  const random = new SeededRandom(5);

  beforeAll(async () => {
    bench = await ProjectionBench.open(new MemoryEventStore());
    chain = new SimulatedChain(random, DAY / 4);
    const tell = async <Type extends AnyEvent['type']>(
      stream: string,
      type: Type,
      data: Parameters<typeof aggregateEvent<Type>>[2],
    ): Promise<void> =>
      void (await bench.store.append(stream, [aggregateEvent(random.uuid(), type, data)], 'any'));
    const mine = async (
      deeds: readonly Deed[],
      commandIds: (string | null)[] = [],
    ): Promise<readonly NewEvent[]> => {
      const events = chain.mine(deeds, commandIds);
      await bench.store.append(CHAIN_STREAM, events, 'any');
      return events;
    };
    const request = (tokenId: string, name: string, symbol: string, creator: string) =>
      tell(`token-${tokenId}`, 'TokenCreationRequested', {
        tokenId,
        creator,
        name,
        symbol,
        decimals: 6,
        supply: '100',
        totalSupply: '100000000',
        description: 'shiny',
        metadataURI: 'ipfs://GLD',
        execution: 'WALLET',
        inputHash: INPUT_HASH,
        requestedAt: AT,
        deadline: AT,
      });
    await request(REQUEST, 'Gold coin', 'GLD', ALICE);
    await request(WAITING, 'Silver coin', 'SLV', BOB);
    await request(FORGED, 'Iron', 'IRN', BOB);
    // Block 1. The third transaction claims a request that is somebody else's.
    await mine(
      [
        create(GOLD, 'Gold coin', 'GLD', 100_000_000n, 6),
        create(IRON, 'Iron', 'IRN', 50_000_000n, 0),
        create(LOOSE, '100%_loose', 'LSE', 7n, 18),
      ],
      [REQUEST, FORGED, null],
    );
    await mine([openPool, () => [move(GOLD, ALICE, BOB, 500_000n)]]); // 2
    await mine([sell(BOB, 10_000n, 39_000n, 1_009_990n, 3_961_000n)]); // 3
    for (let i = 0; i < 5; i += 1) await mine([]); // 4 to 8: a day without trades
    await mine([
      sell(ALICE, 20_000n, 60_000n, 1_029_970n, 3_901_000n),
      sell(BOB, 1_000n, 3_300n, 1_030_969n, 3_897_700n),
      () => [{ type: 'ForwardRequestExecuted', data: { signer: BOB, nonce: '0', success: true } }],
      () => [{ type: 'TokenDeactivated', data: { tokenAddress: LOOSE } }],
      () => [{ type: 'TransactionFailed', data: { from: BOB, to: MANAGER, reason: 'Expired()' } }],
    ]); // 9
    await bench.store.append(CHAIN_STREAM, chain.finalize(4), 'any');
    await bench.project();
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
    expect(finalityOf(5, head)).toEqual({ state: 'FINAL', confirmations: 5 });
    expect(finalityOf(9, head)).toEqual({ state: 'CONFIRMED', confirmations: 1 });
    expect(finalityOf(10, head)).toEqual({ state: 'CONFIRMED', confirmations: 0 });
    expect(await blockByNumber(bench.db, { chainId: CHAIN_ID, number: 9 })).toMatchObject({
      hash: head.hash,
    });
  });

  it('ties a token to its request before the aggregate confirms it, but only where creator and terms agree', async () => {
    expect(await tokenById(bench.db, REQUEST)).toMatchObject({
      id: REQUEST,
      address: GOLD,
      status: 'DEPLOYED',
      description: 'shiny',
      decimals: 6,
      holders: 3,
      blockNumber: 1,
    });
    expect(await tokenByAddress(bench.db, IRON)).toMatchObject({ id: IRON, requestId: null, creator: ALICE });
    expect(await tokenById(bench.db, FORGED)).toMatchObject({
      address: null,
      status: 'PENDING',
      creator: BOB,
    });
  });

  it('lists tokens by page, newest first, each once and with the requests that wait', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo } = await listTokens(bench.db, { now: now(), page: { first: 2, after } });
      seen.push(...edges.map(({ node }) => node.symbol));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(['IRN', 'SLV', 'LSE', 'IRN', 'GLD']);
  });

  it.each([
    ['gold', ['GLD']],
    ['COIN', ['SLV', 'GLD']],
    ['0X111', ['GLD']],
    ['100%_', ['LSE']],
    ['%', ['LSE']],
    ['nothing', []],
  ])('finds tokens by %p', async (search, symbols) => {
    const { edges } = await listTokens(bench.db, { filter: { search }, now: now(), page });
    expect(edges.map(({ node }) => node.symbol)).toEqual(symbols);
  });

  it('filters tokens by creator and status', async () => {
    const list = async (filter: Parameters<typeof listTokens>[1]['filter']) =>
      (
        await listTokens(bench.db, { ...(filter === undefined ? {} : { filter }), now: now(), page })
      ).edges.map(({ node }) => `${node.symbol} ${node.status}`);
    expect(await list({ creator: BOB })).toEqual(['IRN PENDING', 'SLV PENDING']);
    expect(await list({ statuses: ['DEACTIVATED'] })).toEqual(['LSE DEACTIVATED']);
    expect(await list({ statuses: ['DEPLOYED'], creator: ALICE })).toEqual(['IRN DEPLOYED', 'GLD DEPLOYED']);
  });

  it.each(['HOLDERS', 'MARKET_CAP', 'LIQUIDITY', 'VOLUME'] as const)(
    'ranks tokens by %s, page by page',
    async (sort) => {
      const first = await listTokens(bench.db, { sort, now: now(), page: { first: 1 } });
      const rest = await listTokens(bench.db, {
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
    const pool = await poolById(bench.db, POOL);
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
    expect(await poolOfTokens(bench.db, [IRON, GOLD])).toEqual(pool);
    for (const sort of ['NEWEST', 'LIQUIDITY', 'SWAPS'] as const) {
      const listed = await listPools(bench.db, { filter: { token: IRON }, sort, page: { first: 1 } });
      expect(listed.edges[0]?.node).toEqual(pool);
      const after = listed.pageInfo.endCursor;
      expect(
        (await listPools(bench.db, { filter: { token: IRON }, sort, page: { first: 1, after } })).edges,
      ).toEqual([]);
    }
    expect(await feesInForceNow(bench.db)).toEqual({
      swapFee: 30n,
      protocolFee: 10n,
      tokenCreationFee: 1_000n,
      updatedBlock: 1,
    });
  });

  it('lists swaps newest first with what they paid', async () => {
    const { edges } = await listSwaps(bench.db, { filter: { token: IRON }, page });
    expect(
      edges.map(({ node }) => [node.user, node.amountIn, node.fee, node.protocolFee, node.sellsA]),
    ).toEqual([
      [BOB, '1000', '3', '1', true],
      [ALICE, '20000', '60', '20', true],
      [BOB, '10000', '30', '10', true],
    ]);
    const mine = await listSwaps(bench.db, { filter: { user: BOB, poolId: POOL }, page: { first: 1 } });
    expect(mine.pageInfo.hasNextPage).toBe(true);
    const { endCursor } = mine.pageInfo;
    const next = await listSwaps(bench.db, { filter: { user: BOB }, page: { first: 5, after: endCursor } });
    expect(next.edges.map(({ node }) => node.amountIn)).toEqual(['10000']);
  });

  it('reckons a token by its deepest pool and the day before now', async () => {
    const gold = (await tokenAnalytics(bench.db, { addresses: [GOLD, LOOSE], now: now() })).get(GOLD);
    expect(gold).toEqual({
      address: GOLD,
      referencePoolId: POOL,
      // 3,897,700 whole iron for 1.030969 whole gold
      price: { quoteToken: IRON, numerator: '3897700', denominator: '1030969', value: '3780618.03992166592' },
      // 3.3 after 3.9
      priceChange24h: '-15.384615',
      volume24h: '21000',
      marketCap: ((100_000_000n * 3_897_700n) / 1_030_969n).toString(),
      holders: 3,
      transactions24h: 2,
      liquidity: '1030969',
    });
    const loose = (await tokenAnalytics(bench.db, { addresses: [LOOSE], now: now() })).get(LOOSE);
    expect(loose).toMatchObject({
      price: null,
      priceChange24h: null,
      volume24h: '0',
      marketCap: null,
      holders: 1,
    });
  });

  it('reckons a pool by the day before now', async () => {
    const pool = (await poolAnalytics(bench.db, { poolIds: [POOL], now: now() })).get(POOL);
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
    const trending = await trendingTokens(bench.db, { limit: 10, now: now() });
    expect(trending.map(({ token, traders24h, swaps24h }) => [token.symbol, traders24h, swaps24h])).toEqual([
      ['GLD', 2, 2],
      ['IRN', 2, 2],
    ]);
  });

  it('draws candles of exact fractions', async () => {
    const day = await listCandles(bench.db, { poolId: POOL, interval: '1d', from: 0, to: now() + 1 });
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
    expect(await balanceOf(bench.db, { token: IRON, holder: BOB })).toBe(42_300n);
    expect(await balanceOf(bench.db, { token: LOOSE, holder: BOB })).toBe(0n);
    const holders = await listHolders(bench.db, { token: GOLD, page: { first: 2 } });
    expect(holders.edges.map(({ node }) => node.holder)).toEqual([ALICE, MANAGER]);
    const position = await positionOf(bench.db, { poolId: POOL, owner: ALICE });
    expect(position).toMatchObject({
      liquidity: '1999000',
      worthA: ((1_999_000n * 1_030_969n) / 2_000_000n).toString(),
    });
    const alice = await portfolio(bench.db, ALICE);
    expect(alice.holdings.map(({ token }) => token)).toEqual([GOLD, IRON, LOOSE]);
    expect(alice.positions).toEqual([position]);
    const changes = await listLiquidityChanges(bench.db, { filter: { poolId: POOL }, page });
    expect(changes.edges.map(({ node }) => [node.user, node.kind])).toEqual([
      [ALICE, 'ADD'],
      [ZERO, 'ADD'],
    ]);
    expect(await forwarderNonce(bench.db, BOB)).toBe(1n);
    expect(await forwarderNonce(bench.db, ALICE)).toBe(0n);
  });

  it('lists transactions by their weightiest deed, newest first', async () => {
    const { edges } = await listTransactions(bench.db, { page });
    expect(edges.map(({ node }) => `${node.type ?? 'unknown'} ${node.status}`)).toEqual([
      'TOKEN_DEACTIVATION CONFIRMED',
      'SWAP CONFIRMED',
      'SWAP CONFIRMED',
      'unknown FAILED',
      'SWAP CONFIRMED',
      'TRANSFER CONFIRMED',
      'POOL_CREATION CONFIRMED',
      'TOKEN_CREATION CONFIRMED',
      'TOKEN_CREATION CONFIRMED',
      'TOKEN_CREATION CONFIRMED',
    ]);
    const pool = await listTransactions(bench.db, {
      filter: { poolId: POOL, user: ALICE, statuses: ['CONFIRMED'] },
      page,
    });
    expect(pool.edges.map(({ node }) => node.type)).toEqual(['SWAP', 'POOL_CREATION']);
  });
});
