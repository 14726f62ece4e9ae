import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOfBits, anyFees } from './amounts.fixture.js';
import { quoteRouteExactIn, quoteRouteExactOut } from './route.js';
import { quoteSwap, type SwapReserves } from './swap.js';

const fees = { swapFee: 30n, protocolFee: 10n };
const POOLS: readonly [SwapReserves, SwapReserves] = [
  { reserveIn: 1_000_000n, reserveOut: 4_000_000n },
  { reserveIn: 2_000_000n, reserveOut: 500_000n },
];
const refused = (code: string, field: string) => expect.objectContaining({ code, field });
const anyPools = fc.array(fc.record({ reserveIn: amountOfBits(100), reserveOut: amountOfBits(100) }), {
  minLength: 1,
  maxLength: 3,
});

describe('a route of pools', () => {
  it('takes into each what the one before pays', () => {
    const [first, second] = quoteRouteExactIn(POOLS, fees, 10_000n);
    expect(first).toEqual(quoteSwap(POOLS[0], fees, 10_000n));
    expect(second).toEqual(quoteSwap(POOLS[1], fees, first.amountOut));
  });

  it('pays an exact amount to the unit, for the least that buys it', () => {
    const hops = quoteRouteExactOut(POOLS, fees, 9_000n);
    expect(hops.map(({ amountOut }) => amountOut)).toEqual([hops[1]?.amountIn, 9_000n]);
    const amountIn = hops[0].amountIn;
    expect(quoteRouteExactIn(POOLS, fees, amountIn).at(-1)?.amountOut).toBeGreaterThanOrEqual(9_000n);
    expect(quoteRouteExactIn(POOLS, fees, amountIn - 1n).at(-1)?.amountOut).toBeLessThan(9_000n);
    expect(hops[1]?.reserveOut).toBe(491_000n);
  });

  it('asks for no more than the pools would pay, whatever they hold', () => {
    let carriedOut = 0;
    fc.assert(
      fc.property(anyPools, anyFees, amountOfBits(100), (pools, poolFees, amountOut) => {
        let hops: ReturnType<typeof quoteRouteExactOut>;
        try {
          hops = quoteRouteExactOut(pools, poolFees, amountOut);
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^(INSUFFICIENT_LIQUIDITY|RESERVE_OVERFLOW)$/);
          return;
        }
        carriedOut += 1;
        expect(hops.at(-1)?.amountOut).toBe(amountOut);
        for (const [index, hop] of hops.entries()) {
          const reserves = pools[index] as SwapReserves;
          expect(hop.amountOut).toBe(hops[index + 1]?.amountIn ?? amountOut);
          expect(quoteSwap(reserves, poolFees, hop.amountIn).amountOut).toBeGreaterThanOrEqual(hop.amountOut);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(carriedOut).toBeGreaterThan(200);
  });

  it('is refused where one of them refuses, or there is none', () => {
    // The first pays for one unit, the second nothing for that.
    expect(quoteSwap(POOLS[0], fees, 1n).amountOut).toBe(3n);
    expect(() => quoteRouteExactIn(POOLS, fees, 1n)).toThrow(refused('AMOUNT_TOO_SMALL', 'amountIn'));
    expect(() => quoteRouteExactOut(POOLS, fees, 500_000n)).toThrow(
      refused('INSUFFICIENT_LIQUIDITY', 'amountOut'),
    );
    expect(() => quoteRouteExactIn([], fees, 1n)).toThrow(refused('UNKNOWN_POOL', 'tokens'));
  });
});
