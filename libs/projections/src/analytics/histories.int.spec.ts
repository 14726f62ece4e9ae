import { partOf, tradingProfit } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import type { NewEvent } from '@abland/kernel';
import {
  addLiquidity,
  balanceIn,
  createToken,
  type Deed,
  type MarketState,
  openPool,
  PEOPLE,
  removeLiquidity,
  swap,
  transferred,
} from '@abland/testing/market';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { poolHistory } from '../pools/history-query.js';
import { positionHistory } from '../positions/history-query.js';
import { TooManySwapsError } from '../read-model/errors.js';
import { profitOf } from '../swaps/profit-query.js';
import { ProjectionBench } from '../testing/projection-bench.js';
import { CHAIN_ID, SimulatedChain } from '../testing/simulated-chain.js';
import { momentsOf } from '../candles/moments.js';

const SEED = 3;

const tokensOf = ({ balances }: MarketState): readonly string[] => [...balances.keys()].slice(-3);

/** Whoever has tokens gives everyone a part of them. */
const shareOut: Deed = (state) =>
  tokensOf(state).flatMap((token) =>
    PEOPLE.flatMap((holder) => {
      const part = balanceIn(state, token, holder) / 10n;
      return PEOPLE.flatMap((other) =>
        other === holder ? [] : [...transferred(state, token, holder, other, part)],
      );
    }),
  );

/** A pool of two of the tokens, by their place. */
const open =
  (one: number, other: number): Deed =>
  (state) => {
    const tokens = tokensOf(state);
    const [creator = ''] = PEOPLE;
    const amounts = [one, other].map((place) => {
      const token = tokens[place] ?? '';
      return [token, balanceIn(state, token, creator) / 4n] as const;
    });
    return openPool(state, creator, new Map(amounts));
  };
type Told = NewEvent & { readonly data: Readonly<Record<string, string>> };

describe('the histories of a market', () => {
  let bench: ProjectionBench;
  let told: readonly Told[];
  let chain: SimulatedChain;
  beforeAll(async () => {
    bench = await ProjectionBench.open(new MemoryEventStore());
    chain = new SimulatedChain(new SeededRandom(SEED), 25);
    await mine([createToken, createToken, createToken, shareOut, open(0, 1), open(1, 2)]);
    for (let block = 0; block < 60; block += 1) {
      const random = new SeededRandom(SEED * 1_000 + block);
      const acts = [swap, swap, addLiquidity, removeLiquidity].filter(() => random.chance(0.4));
      // A quiet hour within.
      await mine(block > 20 && block < 40 ? [] : acts);
    }
    await bench.project();
    told = chain.blocks.flatMap(({ events }) => events) as unknown as readonly Told[];
  });
  afterAll(async () => bench.close());

  const mine = (acts: Parameters<SimulatedChain['mine']>[0]) =>
    bench.store.append(chain.stream, chain.mine(acts), 'any');
  const timeOf = (event: NewEvent): number => event.metadata.chain?.blockTime ?? 0;
  const of = (type: string, where: Readonly<Record<string, string>>): readonly Told[] =>
    told.filter(
      (event) =>
        event.type === type && Object.entries(where).every(([field, value]) => event.data[field] === value),
    );
  const pools = () => of('PoolCreated', {}).map(({ data }) => data as { poolId: string; tokenA: string });
  const span = () => {
    const now = chain.head?.time ?? 0;
    return { interval: '1m' as const, from: now - 3_600, to: now + 3_600, now };
  };

  const reservesAt = (poolId: string, moment: number) => {
    const sync = of('Sync', { poolId }).findLast((event) => timeOf(event) <= moment);
    return sync && { reserveA: sync.data['reserveA'] ?? '', reserveB: sync.data['reserveB'] ?? '' };
  };
  const liquidityAt = (poolId: string, moment: number, user?: string): bigint => {
    const where = { poolId, ...(user === undefined ? {} : { user }) };
    const sum = (type: string): bigint =>
      of(type, where)
        .filter((event) => timeOf(event) <= moment)
        .reduce((all, { data }) => all + BigInt(data['liquidity'] ?? ''), 0n);
    return sum('LiquidityAdded') - sum('LiquidityRemoved');
  };

  it('tell what each pool held at each minute, also while nothing happened', async () => {
    expect(pools().length).toBeGreaterThan(0);
    for (const { poolId } of pools()) {
      const naive = momentsOf(span()).flatMap((time) => {
        const reserves = reservesAt(poolId, time);
        return reserves ? [{ time, ...reserves, totalLiquidity: `${liquidityAt(poolId, time)}` }] : [];
      });
      expect(await poolHistory(bench.db, { ...span(), chainId: CHAIN_ID, poolId })).toEqual(naive);
      expect(naive.length).toBeGreaterThan(10);
    }
  });

  it('tell what each share was worth at each minute, from the first deposit on', async () => {
    for (const { poolId } of pools()) {
      for (const owner of PEOPLE) {
        const first = of('LiquidityAdded', { poolId, user: owner })[0];
        const naive = momentsOf(span()).flatMap((time) => {
          const reserves = reservesAt(poolId, time);
          if (first === undefined || timeOf(first) > time || reserves === undefined) return [];
          const liquidity = liquidityAt(poolId, time, owner);
          const { reserveA, reserveB } = reserves;
          const totalLiquidity = liquidityAt(poolId, time);
          const worth = partOf(
            { reserveA: BigInt(reserveA), reserveB: BigInt(reserveB), totalLiquidity },
            liquidity,
          );
          return [
            { time, liquidity: `${liquidity}`, worthA: `${worth.amountA}`, worthB: `${worth.amountB}` },
          ];
        });
        expect(await positionHistory(bench.db, { ...span(), chainId: CHAIN_ID, poolId, owner })).toEqual(
          naive,
        );
      }
    }
  });

  it('are of the state that is asked for, and know nothing of what came later', async () => {
    const [pool] = pools();
    const poolId = pool?.poolId ?? '';
    const head = await bench.store.head();
    const time = chain.head?.time ?? 0;
    const state = { chainId: CHAIN_ID, position: `${head ?? 0n}` };
    const at = { ...state, field: 'position' as const, time, until: time };
    const owner = of('LiquidityAdded', { poolId }).at(-1)?.data['user'] ?? '';
    // Moments that the chain has not come to yet are as the newest block left them.
    const now = span().now + 600;
    const asked = { ...span(), now, chainId: CHAIN_ID, poolId };
    const before = await poolHistory(bench.db, asked);
    const share = await positionHistory(bench.db, { ...asked, owner });
    const later = [swap, swap, swap, addLiquidity, addLiquidity, removeLiquidity];
    await mine([...later, ...later]);
    await mine([...later, ...later]);
    await bench.project();
    told = chain.blocks.flatMap(({ events }) => events) as unknown as readonly Told[];
    expect(await poolHistory(bench.db, asked)).not.toEqual(before);
    expect(await poolHistory(bench.db, { ...asked, at })).toEqual(before);
    expect(await positionHistory(bench.db, { ...asked, owner, at })).toEqual(share);
  });

  it('reckon what trading came to from each person’s swaps in their order', async () => {
    let traded = 0;
    for (const { poolId, tokenA } of pools()) {
      for (const user of PEOPLE) {
        const swaps = of('Swap', { poolId, user });
        traded += swaps.length;
        const naive = tradingProfit(
          swaps.map(({ data }) => {
            const [paid, got] = [BigInt(data['amountIn'] ?? ''), BigInt(data['amountOut'] ?? '')];
            return data['tokenIn'] === tokenA
              ? { kind: 'SELL', amount: paid, quote: got }
              : { kind: 'BUY', amount: got, quote: paid };
          }),
        );
        const asked = { chainId: CHAIN_ID, poolId, user, token: tokenA };
        expect(await profitOf(bench.db, asked)).toEqual(naive);
        if (swaps.length > 1)
          await expect(profitOf(bench.db, asked, swaps.length - 1)).rejects.toThrow(TooManySwapsError);
      }
    }
    expect(traded).toBeGreaterThan(5);
  });
});

describe('the moments of a history', () => {
  const span = { interval: '1m' as const, now: 1_000 };

  it('are the multiples of the interval, both ends among them', () => {
    expect(momentsOf({ ...span, from: 60, to: 240 })).toEqual([60, 120, 180, 240]);
    expect(momentsOf({ ...span, from: 61, to: 239 })).toEqual([120, 180]);
    expect(momentsOf({ ...span, from: 61, to: 119 })).toEqual([]);
  });

  it('are none after now, and the newest where they are too many', () => {
    expect(momentsOf({ ...span, from: 900, to: 9_000 })).toEqual([900, 960]);
    expect(momentsOf({ ...span, from: 0, to: 9_000, limit: 2 })).toEqual([900, 960]);
    expect(momentsOf({ ...span, from: -5, to: 60 })).toEqual([0, 60]);
    expect(momentsOf({ ...span, now: 10 ** 9, from: 0, to: 10 ** 9 })).toHaveLength(1_000);
  });
});
