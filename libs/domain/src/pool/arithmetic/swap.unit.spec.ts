import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOfBits, anyFees } from './amounts.fixture.js';
import { BASIS_POINTS, quoteSwap, quoteSwapExactOut, type PoolFees, type SwapReserves } from './swap.js';

const fees: PoolFees = { swapFee: 30n, protocolFee: 10n };
const pool: SwapReserves = { reserveIn: 1_000_000n, reserveOut: 4_000_000n };
const MAX = 2n ** 128n - 1n;
const refused = (code: string, field: string) => expect.objectContaining({ code, field });

const anyReserves = fc.record({ reserveIn: amountOfBits(127), reserveOut: amountOfBits(127) });

/** The property over swaps that the pool carries out; the others are refused and tried elsewhere. */
function forEverySwap(
  holds: (reserves: SwapReserves, poolFees: PoolFees, quote: ReturnType<typeof quoteSwap>) => boolean,
): void {
  let carriedOut = 0;
  fc.assert(
    fc.property(anyReserves, anyFees, amountOfBits(127), (reserves, poolFees, amountIn) => {
      const quote = attempt(() => quoteSwap(reserves, poolFees, amountIn));
      if (quote === null) return true;
      carriedOut += 1;
      return holds(reserves, poolFees, quote);
    }),
    { numRuns: 3_000 },
  );
  expect(carriedOut).toBeGreaterThan(1_000);
}

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

describe('a swap', () => {
  it('pays what the price of the reserves, the fee and the own impact give', () => {
    // 10,000 less 0.3 % is 9,970; 9,970 * 4,000,000 / 1,009,970 is 39,486.3. The price falls by 9,970 / 1,009,970, 98.7 points.
    expect(quoteSwap(pool, fees, 10_000n)).toEqual({
      amountIn: 10_000n,
      amountOut: 39_486n,
      protocolPart: 10n,
      fee: 30n,
      reserveIn: 1_009_990n,
      reserveOut: 3_960_514n,
      priceImpactBps: 99,
    });
  });
  it('without fees keeps the product of the reserves but for what is rounded off', () => {
    expect(
      quoteSwap({ reserveIn: 100n, reserveOut: 100n }, { swapFee: 0n, protocolFee: 0n }, 100n),
    ).toMatchObject({
      amountOut: 50n,
      reserveIn: 200n,
      reserveOut: 50n,
      fee: 0n,
      priceImpactBps: 5000,
    });
  });
  it('never lowers the product of the reserves', () => {
    forEverySwap(
      (before, _fees, after) => after.reserveIn * after.reserveOut >= before.reserveIn * before.reserveOut,
    );
  });
  it('never empties the pool, and pays the most that leaves the pool its price', () => {
    forEverySwap((before, { swapFee }, { amountIn, amountOut }) => {
      const paid = amountIn * (BASIS_POINTS - swapFee);
      const product = before.reserveIn * BASIS_POINTS * before.reserveOut;
      const isKept = (out: bigint) =>
        (before.reserveIn * BASIS_POINTS + paid) * (before.reserveOut - out) >= product;
      return amountOut < before.reserveOut && isKept(amountOut) && !isKept(amountOut + 1n);
    });
  });
  it('puts every base unit into the reserves or apart for the protocol', () => {
    forEverySwap(
      (before, _fees, after) =>
        before.reserveIn + after.amountIn === after.reserveIn + after.protocolPart &&
        before.reserveOut === after.reserveOut + after.amountOut &&
        after.protocolPart <= after.fee,
    );
  });
  it('tells an impact between nothing and everything', () => {
    forEverySwap((_before, _fees, { priceImpactBps }) => priceImpactBps >= 1 && priceImpactBps <= 10_000);
  });
  it('there and back never gains', () => {
    forEverySwap((_before, poolFees, after) => {
      const turned = { reserveIn: after.reserveOut, reserveOut: after.reserveIn };
      const back = attempt(() => quoteSwap(turned, poolFees, after.amountOut));
      return back === null || back.amountOut <= after.amountIn;
    });
  });
  it('is refused where the pool is empty, would pay nothing, or would hold too much', () => {
    expect(() => quoteSwap({ ...pool, reserveIn: 0n }, fees, 1n)).toThrow(
      refused('INSUFFICIENT_LIQUIDITY', 'poolId'),
    );
    expect(() => quoteSwap({ ...pool, reserveOut: 0n }, fees, 1n)).toThrow(
      refused('INSUFFICIENT_LIQUIDITY', 'poolId'),
    );
    expect(() => quoteSwap(pool, fees, 0n)).toThrow(refused('AMOUNT_TOO_SMALL', 'amountIn'));
    expect(() => quoteSwap({ reserveIn: 4_000n, reserveOut: 1_000n }, fees, 4n)).toThrow(
      refused('AMOUNT_TOO_SMALL', 'amountIn'),
    );
    const full = { reserveIn: MAX - 9_990n, reserveOut: MAX };
    expect(quoteSwap(full, fees, 10_000n).reserveIn).toBe(MAX);
    expect(() => quoteSwap({ ...full, reserveIn: full.reserveIn + 1n }, fees, 10_000n)).toThrow(
      refused('RESERVE_OVERFLOW', 'amountIn'),
    );
  });
  it('is refused where the amount alone is too large, though the protocol takes its part', () => {
    const open = { swapFee: 9_999n, protocolFee: 9_999n };
    expect(quoteSwap({ reserveIn: 1n, reserveOut: MAX }, open, MAX).amountIn).toBe(MAX);
    expect(() => quoteSwap({ reserveIn: 1n, reserveOut: MAX }, open, MAX + 1n)).toThrow(
      refused('RESERVE_OVERFLOW', 'amountIn'),
    );
  });
});

describe('a swap for an exact amount out', () => {
  it('costs what buys it', () => {
    expect(quoteSwapExactOut(pool, fees, 39_486n)).toMatchObject({ amountIn: 10_000n, amountOut: 39_486n });
  });
  it('costs the least that buys it', () => {
    let carriedOut = 0;
    fc.assert(
      fc.property(anyReserves, anyFees, amountOfBits(127), (reserves, poolFees, part) => {
        const amountOut = part % reserves.reserveOut;
        const quote =
          amountOut === 0n ? null : attempt(() => quoteSwapExactOut(reserves, poolFees, amountOut));
        if (quote === null) return true;
        carriedOut += 1;
        const cheaper = attempt(() => quoteSwap(reserves, poolFees, quote.amountIn - 1n));
        return quote.amountOut >= amountOut && (cheaper === null || cheaper.amountOut < amountOut);
      }),
      { numRuns: 3_000 },
    );
    expect(carriedOut).toBeGreaterThan(1_000);
  });
  it('is refused for nothing, and for what the pool does not hold or would have to give whole', () => {
    expect(() => quoteSwapExactOut(pool, fees, 0n)).toThrow(refused('AMOUNT_TOO_SMALL', 'amountIn'));
    expect(() => quoteSwapExactOut(pool, fees, 4_000_000n)).toThrow(
      refused('INSUFFICIENT_LIQUIDITY', 'amountOut'),
    );
    expect(() => quoteSwapExactOut({ ...pool, reserveIn: 0n }, fees, 1n)).toThrow(
      refused('INSUFFICIENT_LIQUIDITY', 'poolId'),
    );
    expect(quoteSwapExactOut(pool, fees, 3_999_999n).amountOut).toBeGreaterThanOrEqual(3_999_999n);
  });
  it('is refused where the fee takes everything', () => {
    expect(() => quoteSwapExactOut(pool, { swapFee: 10_000n, protocolFee: 0n }, 1n)).toThrow(
      refused('INSUFFICIENT_LIQUIDITY', 'amountOut'),
    );
  });
});
