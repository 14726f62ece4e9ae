import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@abland/kernel';
import { chainLaws } from '../testing/chain-laws.js';
import { MemoryTables } from '../testing/memory-tables.js';
import { specify } from '../testing/specification.js';
import { fact, ingested, type Place } from '../testing/told-events.js';
import { marketsProjection } from './projection.js';
import { marketClocks, marketPools, marketTrades, poolRanks, tokenMarkets } from './tables.js';

const [ALICE, BOB, ZERO, GOLD, IRON, STRANGE] = ['a', 'b', '0', '1', '2', '9'].map(
  (digit) => `0x${digit.repeat(40)}`,
) as [string, string, string, string, string, string];
const poolOf = (one: string, other: string): string => `0x${one.slice(-32)}${other.slice(-32)}`;
const DAY = 86_400;
const WHOLE = 10n ** 18n;

const token = (tokenAddress: string, decimals: number, block: number): RecordedEvent[] => [
  fact(
    'TokenCreated',
    { tokenAddress, creator: ALICE, name: 'A', symbol: 'A', totalSupply: '1000' },
    { block, log: 0 },
  ),
  fact('TokenMetadataUpdated', { tokenAddress, decimals, metadataURI: '' }, { block, log: 1 }),
];
const added = (tokens: readonly [string, string], user: string, place: Place): RecordedEvent =>
  fact(
    'LiquidityAdded',
    { user, poolId: poolOf(...tokens), amountA: '1', amountB: '1', liquidity: '1' },
    place,
  );
const synced = (tokens: readonly [string, string], a: number, b: number, block: number): RecordedEvent =>
  fact('Sync', { poolId: poolOf(...tokens), reserveA: `${a}`, reserveB: `${b}` }, { block });
const opened = (
  tokens: readonly [string, string],
  user: string,
  a: number,
  b: number,
  block: number,
): RecordedEvent[] => [
  fact('PoolCreated', { poolId: poolOf(...tokens), tokenA: tokens[0], tokenB: tokens[1] }, { block }),
  added(tokens, ZERO, { block }),
  added(tokens, user, { block }),
  synced(tokens, a, b, block),
];
const swapped = (tokenIn: string, tokenOut: string, paid: number, got: number, place: Place): RecordedEvent =>
  fact(
    'Swap',
    {
      user: BOB,
      poolId: tokenIn < tokenOut ? poolOf(tokenIn, tokenOut) : poolOf(tokenOut, tokenIn),
      ...{ tokenIn, tokenOut, amountIn: `${paid}`, amountOut: `${got}` },
    },
    place,
  );

const TOKENS = [...token(GOLD, 0, 1), ...token(IRON, 2, 2)];
const OPEN = [...TOKENS, ...opened([GOLD, IRON], ALICE, 100, 4_000, 3)];
/** Found only by the pool, or by what left the window. */
const LATE = [tokenMarkets, poolRanks, marketPools, marketTrades].map(({ name }) => name);
const { given } = specify(marketsProjection, LATE);

describe('markets', () => {
  it('begin without a price', () => {
    given()
      .when(...token(GOLD, 7, 1))
      .then(tokenMarkets, {
        ...{ chain_id: 1, token: GOLD, creator: ALICE, total_supply: 1_000n, decimals: 7 },
        ...{ liquidity: 0n, volume: 0n, pool_id: null, market_cap: 0n, liquidity_worth: 0n },
      });
  });

  it('are worth what the pool of two tokens of the factory says, in whole tokens of the other side', () => {
    given(...TOKENS)
      .when(...opened([GOLD, IRON], ALICE, 100, 4_000, 3))
      .then(
        tokenMarkets,
        // 1000 gold at 40 base units, which are 0.4 whole iron.
        {
          ...{ token: GOLD, pool_id: poolOf(GOLD, IRON), other: IRON, is_a: true, own_reserve: 100n },
          ...{ liquidity: 100n, liquidity_of_factory: 100n, other_reserve: 4_000n, updated_block: 3 },
          ...{ market_cap: 400n * WHOLE, liquidity_worth: 40n * WHOLE, volume_worth: 0n },
        },
        { token: IRON, market_cap: 25n * WHOLE, liquidity_worth: 100n * WHOLE },
      );
  });

  it('are read at the pool that holds most of the token, and change to another as reserves do', () => {
    const LEAD = `0x${'3'.repeat(40)}`;
    const both = [...OPEN, ...token(LEAD, 0, 4), ...opened([GOLD, LEAD], BOB, 99, 5, 5)];
    given(...OPEN, ...token(LEAD, 0, 4))
      .when(...opened([GOLD, LEAD], BOB, 99, 5, 5))
      .then(tokenMarkets, { token: GOLD, other: IRON, liquidity: 199n }, {}, { token: LEAD });
    given(...both)
      .when(synced([GOLD, LEAD], 101, 5, 6))
      .then(tokenMarkets, { token: GOLD, other: LEAD, own_reserve: 101n, other_reserve: 5n }, {}, {});
    given(...both, synced([GOLD, LEAD], 101, 5, 6))
      .when(synced([GOLD, LEAD], 98, 5, 7))
      .then(tokenMarkets, { token: GOLD, other: IRON, own_reserve: 100n }, {}, {});
  });

  it('of equal depth are read at the pool of the smaller id', () => {
    const LEAD = `0x${'3'.repeat(40)}`;
    const [first] = [poolOf(GOLD, IRON), poolOf(GOLD, LEAD)].sort();
    given(...OPEN, ...token(LEAD, 0, 4))
      .when(...opened([GOLD, LEAD], BOB, 100, 5, 5))
      .then(tokenMarkets, { token: GOLD, pool_id: first ?? '' }, {}, {});
  });

  it('take a price from a stranger’s token where the creator opened that pool, but no rank', () => {
    given(...TOKENS)
      .when(...opened([GOLD, STRANGE], ALICE, 50, 7, 3))
      .then(tokenMarkets, { other: STRANGE, own_reserve: 50n, liquidity: 50n, market_cap: 0n }, {});
    given(...OPEN)
      .when(...opened([GOLD, STRANGE], ALICE, 500, 7, 4))
      .then(
        tokenMarkets,
        { other: STRANGE, liquidity: 600n, liquidity_of_factory: 100n, market_cap: 400n * WHOLE },
        {},
      );
  });

  it('leave pools that others opened with a stranger’s token aside while there is another', () => {
    given(...OPEN)
      .when(...opened([GOLD, STRANGE], BOB, 500, 7, 4))
      .then(tokenMarkets, { other: IRON, liquidity: 600n }, {});
    given(...TOKENS)
      .when(...opened([GOLD, STRANGE], BOB, 500, 7, 4))
      .then(tokenMarkets, { other: STRANGE }, {});
    given(...OPEN, ...opened([GOLD, STRANGE], BOB, 500, 7, 4))
      .when(synced([GOLD, IRON], 0, 0, 5))
      .then(tokenMarkets, { other: STRANGE, market_cap: 0n }, { market_cap: 0n });
  });

  it('count what was traded of both sides', () => {
    given(...OPEN)
      .when(swapped(GOLD, IRON, 10, 300, { block: 4 }))
      .then(tokenMarkets, { token: GOLD, volume: 10n, volume_worth: 4n * WHOLE }, { volume: 300n })
      .then(marketTrades, { number: 0, block_time: 40, token_in: GOLD, amount_in: 10n, amount_out: 300n })
      .then(marketClocks, { chain_id: 1, oldest: 0, oldest_time: 40, next: 1 });
  });

  it('count nothing that is traded with a stranger’s token', () => {
    given(...OPEN, ...opened([GOLD, STRANGE], ALICE, 50, 7, 4))
      .when(swapped(GOLD, STRANGE, 10, 1, { block: 5 }))
      .thenNothing();
  });

  it('forget a trade a day after it, with the first block of then, and not before', () => {
    const traded = [...OPEN, swapped(GOLD, IRON, 10, 300, { block: 4 }), ingested(4)];
    given(...traded)
      .when(ingested(5, { time: 40 + DAY - 1 }))
      .thenNothing();
    given(...traded)
      .when(ingested(5, { time: 40 + DAY }))
      .then(tokenMarkets, { volume: 0n, volume_worth: 0n }, { volume: 0n })
      .then(marketClocks, { oldest: 1, next: 1 });
    given(...traded, swapped(IRON, GOLD, 30, 1, { block: 5, time: 50 }))
      .when(ingested(6, { time: 40 + DAY }))
      .then(tokenMarkets, { volume: 1n }, { volume: 30n })
      .then(marketClocks, { oldest: 1, oldest_time: 50, next: 2 });
  });

  it('forget many trades at once after a long silence', () => {
    const trades = Array.from({ length: 200 }, (_, log) => swapped(GOLD, IRON, 1, 2, { block: 4, log }));
    given(...OPEN, ...trades)
      .when(ingested(5, { time: 10 * DAY }))
      .then(tokenMarkets, { volume: 0n }, { volume: 0n });
  });

  it.each([synced([GOLD, IRON], 1, 1, 1), added([GOLD, IRON], ALICE, { block: 1 })])(
    'refuse $type of a pool that nobody opened',
    (event) => given().when(event).thenRefused('An event of something unknown'),
  );

  it('are as reckoned from all pools anew, whatever happens to them', () => {
    const tokens = Array.from({ length: 5 }, (_, index) => `0x${`${index + 3}`.repeat(40)}`);
    const events = tokens.flatMap((one, index) => token(one, index, index + 1));
    const pairs = tokens.flatMap((one, index) =>
      [...tokens.slice(index + 1), STRANGE].map((other) => [one, other] as const),
    );
    const told = new MemoryTables(marketsProjection).tell(events);
    const reserves = new Map<string, readonly [number, number]>();
    let seed = 42;
    const below = (end: number): number => (seed = (seed * 48_271) % 2_147_483_647) % end;
    for (let step = 0; step < 600; step += 1) {
      const pair = pairs[below(pairs.length)] ?? pairs[0];
      if (pair === undefined) break;
      const [a, b] = [below(12), 1 + below(1_000)];
      const isNew = !reserves.has(poolOf(...pair));
      told.tell(isNew ? opened(pair, BOB, a, b, step) : [synced(pair, a, b, step)]);
      reserves.set(poolOf(...pair), [a, b]);
      for (const row of told.rowsOf(tokenMarkets)) {
        const sides = pairs.flatMap(([one, other]) => {
          const [own, others] = reserves.get(poolOf(one, other)) ?? [];
          if (own === undefined || others === undefined) return [];
          const ours = other !== STRANGE;
          if (one === row['token']) return [{ id: poolOf(one, other), own, others, other, ours }];
          return other === row['token']
            ? [{ id: poolOf(one, other), own: others, others: own, other: one, ours }]
            : [];
        });
        const deepest = (of: typeof sides) =>
          of.toSorted((one, two) => two.own - one.own || (one.id < two.id ? -1 : 1))[0];
        const counted = sides.filter(({ ours, own }) => ours && own > 0);
        const read = deepest(counted) ?? deepest(sides);
        expect([row['pool_id'], row['own_reserve'], row['other_reserve'], row['liquidity']]).toEqual([
          read?.id ?? null,
          BigInt(read?.own ?? 0),
          BigInt(read?.others ?? 0),
          BigInt(sides.reduce((all, { own }) => all + own, 0)),
        ]);
        const ranked = deepest(sides.filter(({ ours }) => ours));
        expect(row['ranked_own']).toBe(BigInt(ranked?.own ?? 0));
        const decimals = tokens.indexOf(ranked?.other ?? '');
        const cap = ranked === undefined || ranked.own === 0 ? 0n : 1_000n * BigInt(ranked.others) * WHOLE;
        const scale = BigInt(ranked?.own ?? 1) * 10n ** BigInt(Math.max(decimals, 0));
        expect(row['market_cap']).toBe(cap === 0n ? 0n : cap / scale);
      }
    }
  });

  chainLaws(marketsProjection, [
    ...OPEN,
    ...opened([GOLD, STRANGE], ALICE, 50, 7, 4),
    swapped(GOLD, IRON, 10, 300, { block: 5 }),
    synced([GOLD, IRON], 110, 3_700, 5),
    ingested(5),
    swapped(IRON, GOLD, 30, 1, { block: 6 }),
    ingested(6, { time: 50 + DAY }),
  ]);
});
