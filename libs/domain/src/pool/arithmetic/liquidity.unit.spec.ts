import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOfBits, anyFees } from './amounts.fixture.js';
import {
  MINIMUM_LIQUIDITY,
  quoteAddLiquidity,
  quoteFirstDeposit,
  quoteRemoveLiquidity,
  type PoolReserves,
} from './liquidity.js';
import { quoteSwap } from './swap.js';

const pool: PoolReserves = { reserveA: 1_000_000n, reserveB: 4_000_000n, totalLiquidity: 2_000_000n };
const MAX = 2n ** 128n - 1n;
const refused = (code: string, field: string) => expect.objectContaining({ code, field });

/** Null where the pool refuses. */
function attempt<Value>(compute: () => Value): Value | null {
  try {
    return compute();
  } catch (error) {
    expect((error as { code?: string }).code).toMatch(
      /^(AMOUNT_TOO_SMALL|RESERVE_OVERFLOW|INSUFFICIENT_LIQUIDITY)$/,
    );
    return null;
  }
}

/** What one share stands for never falls: (A * B) / total^2, compared without division. */
const neverFalls = (before: PoolReserves, after: PoolReserves): boolean =>
  after.reserveA * after.reserveB * before.totalLiquidity ** 2n >=
  before.reserveA * before.reserveB * after.totalLiquidity ** 2n;

describe('the first deposit', () => {
  it('gives the root of the product less what is locked', () => {
    expect(quoteFirstDeposit(1_000_000n, 4_000_000n)).toEqual({
      amountA: 1_000_000n,
      amountB: 4_000_000n,
      liquidity: 1_999_000n,
      after: pool,
    });
  });
  it('is large enough to give any', () => {
    expect(quoteFirstDeposit(1_001n, 1_001n).liquidity).toBe(1n);
    expect(() => quoteFirstDeposit(1_000n, 1_000n)).toThrow(refused('AMOUNT_TOO_SMALL', 'amountA'));
    expect(() => quoteFirstDeposit(0n, 1_000n)).toThrow(refused('AMOUNT_TOO_SMALL', 'amountA'));
  });
  it('fits in 128 bits', () => {
    expect(quoteFirstDeposit(MAX, MAX).after.totalLiquidity).toBe(MAX);
    expect(() => quoteFirstDeposit(MAX + 1n, 1n)).toThrow(refused('RESERVE_OVERFLOW', 'amountA'));
    expect(() => quoteFirstDeposit(1n, MAX + 1n)).toThrow(refused('RESERVE_OVERFLOW', 'amountB'));
  });
});

describe('a later deposit', () => {
  it('takes all of A with as much of B as the price asks', () => {
    expect(quoteAddLiquidity(pool, 1_000n, 5_000n)).toEqual({
      amountA: 1_000n,
      amountB: 4_000n,
      quotedA: 1_000n,
      quotedB: 4_000n,
      liquidity: 2_000n,
      after: { reserveA: 1_001_000n, reserveB: 4_004_000n, totalLiquidity: 2_002_000n },
    });
  });
  it('takes all of B where that is the lesser', () => {
    expect(quoteAddLiquidity(pool, 1_000n, 3_999n)).toMatchObject({
      amountA: 999n,
      amountB: 3_996n,
      liquidity: 1_998n,
    });
    expect(quoteAddLiquidity(pool, 1_000n, 400n)).toMatchObject({
      amountA: 100n,
      amountB: 400n,
      liquidity: 200n,
    });
  });
  it('rounds up what it takes of the token of which there is more, and quotes it without that', () => {
    const odd = { reserveA: 3n, reserveB: 10n, totalLiquidity: 5n };
    const taken = { amountA: 1n, amountB: 4n, quotedA: 1n, quotedB: 3n, liquidity: 1n };
    expect(quoteAddLiquidity(odd, 1n, 10n)).toMatchObject(taken);
    expect(quoteAddLiquidity({ ...odd, reserveA: 10n, reserveB: 3n }, 10n, 1n)).toMatchObject({
      ...{ amountA: 4n, amountB: 1n, quotedA: 3n, quotedB: 1n, liquidity: 1n },
    });
    // Less than a unit short of the ratio: taken as it is.
    expect(quoteAddLiquidity(odd, 1n, 3n)).toMatchObject({ amountA: 1n, amountB: 3n });
  });
  it('never takes a unit of the scarcer token for less than it is worth', () => {
    const dear = { reserveA: 30n, reserveB: 10_000n, totalLiquidity: 547n };
    expect(quoteAddLiquidity(dear, 1n, 334n)).toMatchObject({ amountA: 1n, amountB: 334n, quotedB: 333n });
    expect(quoteAddLiquidity(dear, 2n, 500n)).toMatchObject({ amountA: 1n, amountB: 334n, liquidity: 18n });
    for (const short of [1n, 10n, 332n])
      expect(() => quoteAddLiquidity(dear, 1n, short)).toThrow(refused('AMOUNT_TOO_SMALL', 'amountADesired'));
  });
  it('gives the lesser share of the two', () => {
    const odd = { reserveA: 7n, reserveB: 100n, totalLiquidity: 1_000n };
    expect(quoteAddLiquidity(odd, 1n, 15n)).toMatchObject({ amountB: 15n, liquidity: 142n });
    expect(quoteAddLiquidity({ ...odd, reserveA: 100n, reserveB: 7n }, 15n, 1n)).toMatchObject({
      amountA: 15n,
      amountB: 1n,
      liquidity: 142n,
    });
  });
  it('is refused where it gives nothing, of an empty pool, and where a reserve would be too large', () => {
    const dear = { reserveA: 1_000_000n, reserveB: 1_000_000n, totalLiquidity: 1_000n };
    expect(() => quoteAddLiquidity(dear, 999n, 999n)).toThrow(refused('AMOUNT_TOO_SMALL', 'amountADesired'));
    expect(() => quoteAddLiquidity({ ...pool, totalLiquidity: 0n }, 1n, 1n)).toThrow(
      refused('INSUFFICIENT_LIQUIDITY', 'poolId'),
    );
    expect(() => quoteAddLiquidity({ ...pool, reserveA: 0n }, 1n, 1n)).toThrow(
      refused('INSUFFICIENT_LIQUIDITY', 'poolId'),
    );
    expect(() => quoteAddLiquidity({ ...pool, reserveB: 0n }, 1n, 1n)).toThrow(
      refused('INSUFFICIENT_LIQUIDITY', 'poolId'),
    );
    const full = { reserveA: MAX, reserveB: 1_000n, totalLiquidity: 1_000n };
    expect(() => quoteAddLiquidity(full, MAX, 1_000n)).toThrow(refused('RESERVE_OVERFLOW', 'amountADesired'));
    const fullB = { reserveA: 1_000n, reserveB: MAX, totalLiquidity: 1_000n };
    expect(() => quoteAddLiquidity(fullB, 1_000n, MAX)).toThrow(
      refused('RESERVE_OVERFLOW', 'amountBDesired'),
    );
  });
  it('is refused where what would be taken is too large, as the contract refuses it', () => {
    expect(() => quoteAddLiquidity(pool, MAX + 1n, 4n * MAX)).toThrow(
      refused('RESERVE_OVERFLOW', 'amountBDesired'),
    );
    expect(quoteAddLiquidity(pool, MAX + 1n, 4n).amountA).toBe(1n);
    expect(() => quoteAddLiquidity({ ...pool, reserveB: MAX }, MAX, MAX + 1n)).toThrow(
      refused('RESERVE_OVERFLOW', 'amountBDesired'),
    );
    expect(quoteAddLiquidity(pool, 1n, MAX + 1n).amountB).toBe(4n);
  });
});

describe('a removal', () => {
  it('gives its part of both reserves, rounded down', () => {
    expect(quoteRemoveLiquidity(pool, 2_001n)).toEqual({
      amountA: 1_000n,
      amountB: 4_002n,
      liquidity: 2_001n,
      after: { reserveA: 999_000n, reserveB: 3_995_998n, totalLiquidity: 1_997_999n },
    });
  });
  it('may give nothing of a token whose reserve is tiny, so that the pool can be left', () => {
    const tiny = { reserveA: 1n, reserveB: 10n ** 12n, totalLiquidity: 10n ** 6n };
    expect(quoteRemoveLiquidity(tiny, 10n ** 5n)).toMatchObject({ amountA: 0n, amountB: 10n ** 11n });
    expect(quoteRemoveLiquidity({ ...tiny, reserveA: 10n ** 12n, reserveB: 1n }, 10n ** 5n)).toMatchObject({
      amountA: 10n ** 11n,
      amountB: 0n,
    });
  });
  it('is refused where it gives nothing at all, of more than there is, and of an empty pool', () => {
    const poor = { reserveA: 1n, reserveB: 1n, totalLiquidity: 10n };
    expect(() => quoteRemoveLiquidity(poor, 9n)).toThrow(refused('AMOUNT_TOO_SMALL', 'liquidity'));
    expect(quoteRemoveLiquidity(poor, 10n)).toMatchObject({ amountA: 1n, amountB: 1n });
    expect(() => quoteRemoveLiquidity(poor, 11n)).toThrow(refused('INSUFFICIENT_LIQUIDITY', 'liquidity'));
    expect(() => quoteRemoveLiquidity({ ...poor, totalLiquidity: 0n }, 0n)).toThrow(
      refused('INSUFFICIENT_LIQUIDITY', 'poolId'),
    );
  });
});

describe('whatever is done to a pool', () => {
  const step = fc.record({
    kind: fc.constantFrom('swapA', 'swapB', 'add', 'remove'),
    one: amountOfBits(100),
    other: amountOfBits(100),
  });

  function apply(
    state: PoolReserves,
    { kind, one, other }: { kind: string; one: bigint; other: bigint },
    fees: { swapFee: bigint; protocolFee: bigint },
  ): PoolReserves | null {
    const { reserveA, reserveB, totalLiquidity } = state;
    switch (kind) {
      case 'swapA': {
        const swap = attempt(() => quoteSwap({ reserveIn: reserveA, reserveOut: reserveB }, fees, one));
        return swap && { reserveA: swap.reserveIn, reserveB: swap.reserveOut, totalLiquidity };
      }
      case 'swapB': {
        const swap = attempt(() => quoteSwap({ reserveIn: reserveB, reserveOut: reserveA }, fees, one));
        return swap && { reserveA: swap.reserveOut, reserveB: swap.reserveIn, totalLiquidity };
      }
      case 'add':
        return attempt(() => quoteAddLiquidity(state, one, other))?.after ?? null;
      default: {
        // What is locked stays: nobody can remove it.
        const free = totalLiquidity - MINIMUM_LIQUIDITY;
        return free === 0n
          ? null
          : (attempt(() => quoteRemoveLiquidity(state, one % (free + 1n)))?.after ?? null);
      }
    }
  }

  it('a share never stands for less, no reserve is emptied, and liquidity stays within their root', () => {
    let applied = 0;
    fc.assert(
      fc.property(
        amountOfBits(100),
        amountOfBits(100),
        anyFees,
        fc.array(step, { minLength: 1, maxLength: 30 }),
        (amountA, amountB, fees, steps) => {
          let state = attempt(() => quoteFirstDeposit(amountA, amountB))?.after ?? null;
          if (state === null) return;
          for (const one of steps) {
            const next = apply(state, one, fees);
            if (next === null) continue;
            applied += 1;
            expect(neverFalls(state, next)).toBe(true);
            expect(next.reserveA > 0n && next.reserveB > 0n).toBe(true);
            expect(next.totalLiquidity >= MINIMUM_LIQUIDITY).toBe(true);
            expect(next.totalLiquidity ** 2n <= next.reserveA * next.reserveB).toBe(true);
            state = next;
          }
        },
      ),
      { numRuns: 1_000 },
    );
    expect(applied).toBeGreaterThan(2_000);
  });
  it('adding and removing at once never gains', () => {
    fc.assert(
      fc.property(
        amountOfBits(80),
        amountOfBits(80),
        amountOfBits(80),
        amountOfBits(80),
        (a, b, one, other) => {
          const first = attempt(() => quoteFirstDeposit(a, b));
          const added = first && attempt(() => quoteAddLiquidity(first.after, one, other));
          const removed = added && attempt(() => quoteRemoveLiquidity(added.after, added.liquidity));
          if (added === null || removed === null) return true;
          return removed.amountA <= added.amountA && removed.amountB <= added.amountB;
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
