import { MemoryEventStore } from '@abland/event-store';
import type { Deed, Fact } from '@abland/testing/market';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { poolAnalytics } from '../analytics/pool-analytics.js';
import { tokenAnalytics } from '../analytics/token-analytics.js';
import { topMovers, trendingTokens } from '../analytics/trending-tokens.js';
import { ProjectionBench } from '../testing/projection-bench.js';
import { CHAIN_ID, SimulatedChain } from '../testing/simulated-chain.js';
import { listTokens, type TokenSort } from '../tokens/list-tokens.js';
import { WORTH_MAX, worthOf, worthSql } from './worth.js';

const [ALICE, BOB, ZERO] = ['a', 'b', '0'].map((digit) => `0x${digit.repeat(40)}`) as [
  string,
  string,
  string,
];
const HOUR = 3_600;
const address = (number: number): string => `0x${number.toString(16).padStart(40, '0')}`;
const TOKENS = Array.from({ length: 6 }, (_, index) => address(0x100 + index));
const [GOLD = ''] = TOKENS;
const poolOf = (one: string, other: string): string => `0x${one.slice(-32)}${other.slice(-32)}`;

interface Trade {
  readonly time: number;
  readonly token: string;
  readonly user: string;
  readonly amount: bigint;
}

describe('the ranks of a market', () => {
  const random = new SeededRandom(77);
  let bench: ProjectionBench;
  let chain: SimulatedChain;
  const trades: Trade[] = [];
  /** Of gold and of each token. */
  const reserves = new Map<string, [bigint, bigint]>();
  /** The price in gold of each token, by the time of each change, newest last. */
  const prices = new Map<string, { readonly time: number; readonly gold: bigint; readonly own: bigint }[]>();

  beforeAll(async () => {
    bench = await ProjectionBench.open(new MemoryEventStore());
    chain = new SimulatedChain(new SeededRandom(7), HOUR);
    bench.start();
    await mine(...TOKENS.map(created));
    await mine(...TOKENS.slice(1).map(opened));
    for (let block = 0; block < 40; block += 1) {
      const busy = TOKENS.slice(1).filter(() => random.chance(0.4));
      await mine(...busy.map((token) => traded(token, random.pick([ALICE, BOB]))));
    }
    await bench.level();
  });
  afterAll(async () => bench.close());

  const mine = async (...deeds: Deed[]): Promise<void> =>
    void (await bench.store.append(chain.stream, chain.mine(deeds), 'any'));
  const nextTime = (): number => (chain.head?.time ?? 1_700_000_000) + HOUR;

  const created =
    (tokenAddress: string): Deed =>
    () => [
      { type: 'Transfer', data: { contract: tokenAddress, from: ZERO, to: ALICE, amount: '1000000000' } },
      {
        type: 'TokenCreated',
        data: { tokenAddress, creator: ALICE, name: 'A', symbol: 'A', totalSupply: '1000000000' },
      },
      { type: 'TokenMetadataUpdated', data: { tokenAddress, decimals: 0, metadataURI: '' } },
    ];
  const synced = (token: string): Fact => {
    const [a, b] = reserves.get(token) ?? [0n, 0n];
    prices.set(token, [...(prices.get(token) ?? []), { time: nextTime(), gold: a, own: b }]);
    return { type: 'Sync', data: { poolId: poolOf(GOLD, token), reserveA: `${a}`, reserveB: `${b}` } };
  };
  const opened =
    (token: string): Deed =>
    () => {
      const poolId = poolOf(GOLD, token);
      const [a, b] = [10_000n + random.amount(90_000n), 10_000n + random.amount(90_000n)];
      reserves.set(token, [a, b]);
      const deposit = { user: ALICE, poolId, amountA: `${a}`, amountB: `${b}`, liquidity: '1000' };
      return [
        { type: 'PoolCreated', data: { poolId, tokenA: GOLD, tokenB: token } },
        { type: 'LiquidityAdded', data: deposit },
        synced(token),
      ];
    };
  const traded =
    (token: string, user: string): Deed =>
    () => {
      const [a, b] = reserves.get(token) ?? [0n, 0n];
      const [paid, got] = [a / 50n, b / 60n];
      const buys = random.chance(0.6);
      reserves.set(token, buys ? [a + paid, b - got] : [a - paid, b + got]);
      trades.push({ time: nextTime(), token, user, amount: got });
      const amounts = buys
        ? { tokenIn: GOLD, tokenOut: token, amountIn: `${paid}`, amountOut: `${got}` }
        : { tokenIn: token, tokenOut: GOLD, amountIn: `${got}`, amountOut: `${paid}` };
      return [{ type: 'Swap', data: { user, poolId: poolOf(GOLD, token), ...amounts } }, synced(token)];
    };

  /** What was traded of a token in the day before a moment, in 10^-18 gold at the price of now. */
  const volumeOf = (token: string, now: number): bigint => {
    const [a, b] = reserves.get(token) ?? [0n, 1n];
    const units = trades
      .filter((one) => one.token === token && one.time > now - 24 * HOUR && one.time <= now)
      .reduce((all, { amount }) => all + amount, 0n);
    return (units * a * 10n ** 18n) / b;
  };
  const listed = async (sort: TokenSort, now: number): Promise<readonly string[]> => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await listTokens(bench.db, { chainId: CHAIN_ID, sort, now, page: { first: 2, after } });
      seen.push(...page.edges.map(({ node }) => node.address));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    return seen.filter((token) => token !== GOLD);
  };
  const byWorth = (worth: (token: string) => bigint): readonly string[] =>
    TOKENS.slice(1).toSorted((one, other) =>
      worth(one) === worth(other) ? (one > other ? -1 : 1) : worth(one) > worth(other) ? -1 : 1,
    );

  it.each([0, 1, 5, 12, 23, 24, 48])(
    'by volume are those of the day before now, also where nothing has happened for %i hours',
    async (hours) => {
      const now = (chain.head?.time ?? 0) + hours * HOUR;
      expect(await listed('VOLUME', now)).toEqual(byWorth((token) => volumeOf(token, now)));
    },
  );

  it('are reckoned of volumes that go on leaving the day while nothing happens, no event and no block', async () => {
    const [head, newest] = [await bench.store.head(), chain.head?.time ?? 0];
    const volumes = new Set<string>();
    for (const hours of [0, 1, 5, 12, 23, 24]) {
      const now = newest + hours * HOUR;
      const isIn = ({ time }: Trade): boolean => time > now - 24 * HOUR && time <= now;
      const ofTokens = await tokenAnalytics(bench.db, { chainId: CHAIN_ID, addresses: TOKENS, now });
      const poolIds = TOKENS.slice(1).map((token) => poolOf(GOLD, token));
      const ofPools = await poolAnalytics(bench.db, { chainId: CHAIN_ID, poolIds, now });
      for (const token of TOKENS.slice(1)) {
        const its = trades.filter((one) => one.token === token && isIn(one));
        const traded = its.reduce((all, { amount }) => all + amount, 0n);
        expect([hours, ofTokens.get(token)]).toMatchObject([
          hours,
          { volume24h: `${traded}`, transactions24h: its.length },
        ]);
        expect([hours, ofPools.get(poolOf(GOLD, token))]).toMatchObject([
          hours,
          { volume24hB: `${traded}`, transactions24h: its.length },
        ]);
      }
      volumes.add(ofTokens.get(TOKENS[1] ?? '')?.volume24h ?? '');
    }
    expect(volumes.size).toBeGreaterThan(2);
    expect(volumes.has('0')).toBe(true);
    expect(await bench.store.head()).toBe(head);
  });

  it('by market cap and liquidity go by the price that each is read at', async () => {
    const now = chain.head?.time ?? 0;
    const cap = (token: string): bigint => {
      const [a, b] = reserves.get(token) ?? [0n, 1n];
      return (1_000_000_000n * a * 10n ** 18n) / b;
    };
    expect(await listed('MARKET_CAP', now)).toEqual(byWorth(cap));
    expect(await listed('LIQUIDITY', now)).toEqual(
      byWorth((token) => (reserves.get(token)?.[0] ?? 0n) * 10n ** 18n),
    );
    const middle = byWorth(cap)[2] ?? '';
    const minMarketCap = cap(middle) / 10n ** 18n;
    for (const sort of ['NEWEST', 'HOLDERS', 'MARKET_CAP', 'LIQUIDITY', 'VOLUME'] as const) {
      const input = { chainId: CHAIN_ID, sort, now, filter: { minMarketCap }, page: { first: 50 } };
      const found = (await listTokens(bench.db, input)).edges.map(({ node }) => node.address);
      expect(found.filter((token) => token !== GOLD).sort()).toEqual(
        TOKENS.slice(1)
          .filter((token) => cap(token) >= minMarketCap * 10n ** 18n)
          .sort(),
      );
    }
  });

  const changeOf = (token: string, now: number): number => {
    const told = prices.get(token) ?? [];
    const then = told.findLast(({ time }) => time <= now - 24 * HOUR) ?? told[0];
    const [a, b] = reserves.get(token) ?? [0n, 1n];
    return Number((a * (then?.own ?? 1n) * 10n ** 12n) / (b * (then?.gold ?? 1n))) / 1e12;
  };

  /** Seconds after the newest block, of which the last came to have nothing happen in the whole window. */
  const SILENCES = [0, 1, 5, 12, 23, 24, 48];

  it.each(SILENCES)(
    'by trend are volume times change, after those that only one person traded, %i hours later',
    async (hours) => {
      const now = (chain.head?.time ?? 0) + hours * HOUR;
      const trending = await trendingTokens(bench.db, { chainId: CHAIN_ID, now, limit: 10 });
      const people = (token: string): number =>
        new Set(
          trades.filter((one) => one.token === token && one.time > now - 24 * HOUR).map(({ user }) => user),
        ).size;
      const found = trending.filter(({ token }) => token.address !== GOLD);
      const expected = TOKENS.slice(1)
        .filter((token) => volumeOf(token, now) > 0n)
        .map((token) => ({ token, trend: Number(volumeOf(token, now)) * changeOf(token, now) }))
        .toSorted(
          (one, other) =>
            Math.min(people(other.token), 2) - Math.min(people(one.token), 2) || other.trend - one.trend,
        );
      expect(found.map(({ token }) => token.address)).toEqual(expected.map(({ token }) => token));
      for (const { score, token, traders24h, volumeWorth24h } of found) {
        expect(traders24h).toBe(people(token.address));
        expect(volumeWorth24h).toBe(`${volumeOf(token.address, now)}`);
        const trend = Number(volumeOf(token.address, now)) * changeOf(token.address, now);
        expect(Math.abs(Number(score) / trend - 1)).toBeLessThan(1e-9);
      }
      expect(found.length > 2).toBe(hours <= 12);
    },
  );

  it.each(SILENCES.flatMap((hours) => [['UP', hours, 1] as const, ['DOWN', hours, -1] as const]))(
    'by movement %s are by the change of the day, %i hours later',
    async (direction, hours, sign) => {
      const now = (chain.head?.time ?? 0) + hours * HOUR;
      const movers = await topMovers(bench.db, { chainId: CHAIN_ID, now, limit: 10, direction });
      const expected = TOKENS.slice(1)
        .filter((token) => volumeOf(token, now) > 0n && (changeOf(token, now) - 1) * sign > 0)
        .toSorted((one, other) => sign * (changeOf(other, now) - changeOf(one, now)));
      expect(movers.map(({ token }) => token.address).filter((token) => token !== GOLD)).toEqual(expected);
    },
  );

  it('are reckoned by the database as by the fold, to the unit and up to the end', async () => {
    const big = (bits: number): bigint => random.amount(2n ** BigInt(1 + random.below(bits)));
    const cases = Array.from({ length: 2_000 }, () => ({
      units: big(150),
      own: random.chance(0.05) ? 0n : big(128),
      other: big(128),
      decimals: random.chance(0.05) ? null : random.below(256),
    })).concat({ units: 10n ** 45n, own: 1n, other: 2n ** 128n - 1n, decimals: 0 });
    const column = (name: keyof (typeof cases)[number]) => cases.map((one) => one[name]?.toString() ?? null);
    const { rows } = await sql<{ worth: string }>`
      SELECT ${worthSql(sql`m.units`, sql`m`)}::numeric(78, 0)::text AS worth
      FROM unnest(${column('units')}::numeric[], ${column('own')}::numeric[], ${column('other')}::numeric[],
        ${column('decimals')}::int[]) AS m(units, ranked_own, ranked_other, ranked_decimals)`.execute(
      bench.db,
    );
    expect(rows.map(({ worth }) => worth)).toEqual(
      cases.map(({ units, ...ranked }) => `${worthOf(units, ranked)}`),
    );
    expect(rows.at(-1)?.worth).toBe(`${WORTH_MAX}`);
  });
});
