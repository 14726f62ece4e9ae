import type { Deed } from '@abland/testing/market';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stateAsOf } from '../as-of/as-of.js';
import { ProjectionBench } from '../testing/projection-bench.js';
import { CHAIN_ID, SimulatedChain } from '../testing/simulated-chain.js';
import { pricesIn, type PriceThroughPools } from './price-in.js';

const ALICE = `0x${'a'.repeat(40)}`;
const ZERO = `0x${'0'.repeat(40)}`;
const TOKENS = Array.from(
  { length: 14 },
  (_, index) => `0x${(0x100 + index).toString(16).padStart(40, '0')}`,
);
const STRANGE = `0x${'9'.repeat(40)}`;
const poolOf = (one: string, other: string): string => `0x${one.slice(-32)}${other.slice(-32)}`;

interface Pool {
  readonly id: string;
  readonly reserves: ReadonlyMap<string, bigint>;
}

describe('a price in a token that the asker names', () => {
  const random = new SeededRandom(2_211);
  const chain = new SimulatedChain(new SeededRandom(8), 60);
  const decimals = new Map<string, number>();
  const pools = new Map<string, Pool>();
  let bench: ProjectionBench;

  beforeAll(async () => {
    bench = await ProjectionBench.open();
    bench.start();
    await mine(...TOKENS.map(created));
    // A tree, so that many have no pool with each other, and some pools across it; one of a stranger's token, one that is empty.
    const [first = '', second = '', ...others] = TOKENS;
    const pairs = [second, ...others.slice(0, -1)].map(
      (token, index) => [TOKENS[index >> 1] ?? first, token] as const,
    );
    const across = Array.from({ length: 4 }, () => [random.pick(TOKENS), random.pick(TOKENS)] as const);
    await mine(...[...pairs, ...across].map(([one, other]) => opened(one, other)));
    await mine(opened(second, STRANGE), opened(TOKENS.at(-1) ?? '', first, 0n));
  });
  afterAll(async () => bench.close());

  const mine = async (...deeds: Deed[]): Promise<void> => {
    await bench.store.append(chain.stream, chain.mine(deeds), 'any');
    await bench.level();
  };
  const created =
    (tokenAddress: string): Deed =>
    () => {
      decimals.set(tokenAddress, random.below(30));
      return [
        { type: 'Transfer', data: { contract: tokenAddress, from: ZERO, to: ALICE, amount: '1000' } },
        {
          type: 'TokenCreated',
          data: { tokenAddress, creator: ALICE, name: 'A', symbol: 'A', totalSupply: '1000' },
        },
        {
          type: 'TokenMetadataUpdated',
          data: { tokenAddress, decimals: decimals.get(tokenAddress), metadataURI: '' },
        },
      ];
    };
  const opened =
    (one: string, other: string, most = 10n ** 24n): Deed =>
    () => {
      const [tokenA = '', tokenB = ''] = [one, other].sort();
      const id = poolOf(tokenA, tokenB);
      if (one === other || pools.has(id)) return [];
      const [a, b] = [random.amount(most + 1n) - 1n, random.amount(most + 1n) - 1n].map((amount) =>
        most === 0n ? 0n : amount + 1n,
      ) as [bigint, bigint];
      pools.set(id, {
        id,
        reserves: new Map([
          [tokenA, a],
          [tokenB, b],
        ]),
      });
      const deposit = { user: ALICE, poolId: id, amountA: `${a}`, amountB: `${b}`, liquidity: '1000' };
      return [
        { type: 'PoolCreated', data: { poolId: id, tokenA, tokenB } },
        { type: 'LiquidityAdded', data: deposit },
        { type: 'Sync', data: { poolId: id, reserveA: `${a}`, reserveB: `${b}` } },
      ];
    };

  const reserveOf = (pool: Pool, token: string): bigint => pool.reserves.get(token) ?? 0n;
  const otherOf = (pool: Pool, token: string): string =>
    [...pool.reserves.keys()].find((one) => one !== token) ?? '';

  /** The pool of a token that holds most of it: here all are of tokens of the factory, or of the token's creator. */
  const referenceOf = (token: string): Pool | undefined =>
    [...pools.values()]
      .filter(({ reserves }) => TOKENS.includes(token) && reserves.has(token))
      .toSorted((one, other) => {
        const [x, y] = [reserveOf(one, token), reserveOf(other, token)];
        return x === y ? (one.id < other.id ? -1 : 1) : x > y ? -1 : 1;
      })[0];

  const isFull = (pool: Pool): boolean => [...pool.reserves.values()].every((amount) => amount > 0n);

  /** As somebody with a list of all pools would go. */
  function wayTo(token: string, quote: string, steps = 3): readonly Pool[] | null {
    if (token === quote) return [];
    if (steps === 0) return null;
    const [tokenA = '', tokenB = ''] = [token, quote].sort();
    const direct = pools.get(poolOf(tokenA, tokenB));
    if (direct !== undefined && isFull(direct)) return [direct];
    const reference = referenceOf(token);
    if (steps === 1 || reference === undefined || !isFull(reference)) return null;
    const rest = wayTo(otherOf(reference, token), quote, steps - 1);
    return rest === null ? null : [reference, ...rest];
  }

  function naive(token: string, quote: string): Partial<PriceThroughPools> | null {
    const way = wayTo(token, quote);
    if (way === null) return null;
    let [numerator, denominator, at] = [1n, 1n, token];
    for (const pool of way) {
      const next = otherOf(pool, at);
      numerator *= reserveOf(pool, next);
      denominator *= reserveOf(pool, at);
      at = next;
    }
    return {
      quoteToken: quote,
      poolIds: way.map(({ id }) => id),
      numerator: `${numerator}`,
      denominator: `${denominator}`,
    };
  }

  it('is that of their pool, or of the pools between them, as a naive walk finds it', async () => {
    const lengths = new Map<number, number>();
    for (const quote of [...TOKENS, STRANGE]) {
      const found = await pricesIn(bench.db, { chainId: CHAIN_ID, addresses: TOKENS, quote });
      for (const token of TOKENS) {
        const wanted = naive(token, quote);
        const price = found.get(token) ?? null;
        expect([token, quote, price]).toEqual([token, quote, wanted && expect.objectContaining(wanted)]);
        const length = wanted?.poolIds?.length ?? -1;
        lengths.set(length, (lengths.get(length) ?? 0) + 1);
      }
    }
    // Of each kind there are some: no way, itself, one pool, two and three.
    expect([...lengths.keys()].sort()).toEqual([-1, 0, 1, 2, 3]);
  });

  it('counts in whole tokens by the decimals of both, whatever those on the way have', async () => {
    let told = 0;
    for (const quote of TOKENS) {
      const found = await pricesIn(bench.db, { chainId: CHAIN_ID, addresses: TOKENS, quote });
      for (const [token, { denominator, numerator, value }] of found) {
        const [own = 0, other = 0] = [decimals.get(token), decimals.get(quote)];
        const exact = (Number(numerator) / Number(denominator)) * 10 ** (own - other);
        expect(Math.abs(Number(value) / exact - 1)).toBeLessThan(1e-9);
        told += 1;
      }
    }
    expect(told).toBeGreaterThan(TOKENS.length);
    const strange = await pricesIn(bench.db, { chainId: CHAIN_ID, addresses: TOKENS, quote: STRANGE });
    expect([...new Set([...strange.values()].map(({ value }) => value))]).toEqual([null]);
  });

  it('is of the state that is asked for', async () => {
    const [quote = '', token = ''] = TOKENS;
    const input = { chainId: CHAIN_ID, addresses: TOKENS, quote };
    const before = await pricesIn(bench.db, input);
    const log = {
      clock: Date.now,
      positionRecordedBy: () => Promise.resolve(null),
      recordedAtPosition: () => Promise.resolve(0),
    };
    const at = await stateAsOf(bench.db, log, {
      chainId: CHAIN_ID,
      asOf: { block: chain.head?.number ?? 0 },
    });
    await mine(() => [
      { type: 'Sync', data: { poolId: poolOf(quote, token), reserveA: '3', reserveB: '7' } },
    ]);
    expect((await pricesIn(bench.db, input)).get(token)).toMatchObject({ numerator: '3', denominator: '7' });
    expect(await pricesIn(bench.db, { ...input, at })).toEqual(before);
  });
});
