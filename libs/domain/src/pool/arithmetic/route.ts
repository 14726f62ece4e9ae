import { refusal } from '../../vocabulary/errors.js';
import { type PoolFees, quoteSwap, quoteSwapExactOut, type SwapQuote, type SwapReserves } from './swap.js';

/** What each pool of a route does, from the first token to the last; each takes in what the one before pays. */
export type RouteQuote = readonly [SwapQuote, ...SwapQuote[]];

/**
 * What a route of pools pays for an exact amount, as the router's `quoteExactInput` reckons it.
 * @param pools each in the direction of the route, none twice
 * @throws DomainError as `quoteSwap` does
 */
export const quoteRouteExactIn = (
  pools: readonly SwapReserves[],
  fees: PoolFees,
  amountIn: bigint,
): RouteQuote =>
  atLeastOne(
    pools.reduce<readonly SwapQuote[]>(
      (hops, reserves) => [...hops, quoteSwap(reserves, fees, hops.at(-1)?.amountOut ?? amountIn)],
      [],
    ),
  );

/**
 * The smallest amount for which a route of pools pays an exact amount, as the router's `quoteExactOutput` reckons it: each pool pays what
 * the next one takes in, to the unit, also where it would pay more.
 * @param pools each in the direction of the route, none twice
 * @throws DomainError as `quoteSwapExactOut` does
 */
export const quoteRouteExactOut = (
  pools: readonly SwapReserves[],
  fees: PoolFees,
  amountOut: bigint,
): RouteQuote =>
  atLeastOne(
    pools.reduceRight<readonly SwapQuote[]>((hops, reserves) => {
      const exact = hops[0]?.amountIn ?? amountOut;
      const quote = quoteSwapExactOut(reserves, fees, exact);
      return [{ ...quote, amountOut: exact, reserveOut: reserves.reserveOut - exact }, ...hops];
    }, []),
  );

function atLeastOne([first, ...others]: readonly SwapQuote[]): RouteQuote {
  if (first === undefined) throw refusal('UNKNOWN_POOL', 'A route has a pool at least', 'tokens');
  return [first, ...others];
}
