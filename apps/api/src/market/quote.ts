import {
  assertNotPaused,
  directionOf,
  maximumAfterSlippage,
  minimumAfterSlippage,
  parseAddress,
  parseAmount,
  parseSlippage,
  quoteRouteExactIn,
  quoteRouteExactOut,
  quoteSwap,
  quoteSwapExactOut,
  refusal,
  type SwapQuote,
  UINT128_MAX,
} from '@abland/domain';
import { type At, poolById, type ReadModel } from '@abland/projections';
import { getAddress } from 'ethers';
import type { ServedChain } from '../served-chains/served-chain.js';
import { ApiError } from '../errors/api-error.js';
import { knownTrading, reservesOf } from './known-market.js';
import { poolIdOf } from './pool-id.js';
import type { Quote, RouteQuote } from './quote.types.js';

export interface QuoteRequest {
  readonly chain: ServedChain;
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly amountIn: string | null;
  readonly amountOut: string | null;
  readonly slippageBps: number | null;
  readonly at: At | null;
}

/** What the pool would do, or have done, with a swap. @throws DomainError or ApiError that names the argument */
export async function quoteOf(readModel: ReadModel, request: QuoteRequest): Promise<Quote> {
  const { at, chain } = request;
  const { chainId } = chain;
  const tokenIn = parseAddress(request.tokenIn, 'tokenIn', getAddress);
  const tokenOut = parseAddress(request.tokenOut, 'tokenOut', getAddress);
  const slippageBps = parseSlippage(request.slippageBps ?? 50);
  const wanted = parseWanted(request);
  const poolId = poolIdOf(tokenIn, tokenOut, 'tokenOut');
  const [pool, { paused, fees }] = await Promise.all([
    poolById(readModel, { chainId, id: poolId, at }),
    knownTrading(readModel, chain, at),
  ]);
  if (pool === null) throw refusal('UNKNOWN_POOL', 'There is no pool of these tokens', 'tokenOut');
  assertNotPaused(paused);
  const reserves = directionOf(reservesOf(pool), tokenIn);
  const quote =
    wanted.exact === 'IN'
      ? quoteSwap(reserves, fees, wanted.amount)
      : quoteSwapExactOut(reserves, fees, wanted.amount);
  const place = { at, chainId, poolId, tokenIn, tokenOut, slippageBps, poolBlock: pool.updatedBlock };
  return quoteView(quote, place);
}

const quoteView = (
  quote: SwapQuote,
  place: Pick<Quote, 'at' | 'chainId' | 'poolId' | 'tokenIn' | 'tokenOut' | 'slippageBps' | 'poolBlock'>,
): Quote => ({
  ...place,
  amountIn: quote.amountIn.toString(),
  amountOut: quote.amountOut.toString(),
  amountOutMin: minimumAfterSlippage(quote.amountOut, place.slippageBps).toString(),
  fee: quote.fee.toString(),
  protocolFee: quote.protocolPart.toString(),
  priceImpactBps: quote.priceImpactBps,
});

export interface RouteRequest extends Omit<QuoteRequest, 'tokenIn' | 'tokenOut'> {
  readonly tokens: readonly string[];
}

/** Of a route; each pool is read. */
export const ROUTE_POOLS_MAX = 5;

/** What a route of pools would do, or have done, with a swap. @throws DomainError or ApiError that names the argument */
export async function routeQuoteOf(readModel: ReadModel, request: RouteRequest): Promise<RouteQuote> {
  const { at, chain } = request;
  const { chainId } = chain;
  const slippageBps = parseSlippage(request.slippageBps ?? 50);
  const wanted = parseWanted(request);
  const steps = parseRoute(request.tokens);
  const [{ paused, fees }, ...pools] = await Promise.all([
    knownTrading(readModel, chain, at),
    ...steps.map(({ poolId }) => poolById(readModel, { chainId, id: poolId, at })),
  ]);
  const hops = steps.map((step, index) => {
    const pool = pools[index] ?? null;
    if (pool !== null) return { ...step, pool, reserves: directionOf(reservesOf(pool), step.tokenIn) };
    throw refusal('UNKNOWN_POOL', `There is no pool of ${step.tokenIn} and ${step.tokenOut}`, 'tokens');
  });
  assertNotPaused(paused);
  const reserves = hops.map((hop) => hop.reserves);
  const quotes =
    wanted.exact === 'IN'
      ? quoteRouteExactIn(reserves, fees, wanted.amount)
      : quoteRouteExactOut(reserves, fees, wanted.amount);
  const views = hops.map(({ poolId, tokenIn, tokenOut, pool }, index) =>
    quoteView(quotes[index] ?? quotes[0], {
      ...{ at, chainId, poolId, tokenIn, tokenOut, slippageBps, poolBlock: pool.updatedBlock },
    }),
  );
  const [amountIn, amountOut] = [quotes[0].amountIn, (quotes.at(-1) ?? quotes[0]).amountOut];
  return {
    ...{ chainId, amountIn: amountIn.toString(), amountOut: amountOut.toString() },
    amountOutMin: minimumAfterSlippage(amountOut, slippageBps).toString(),
    amountInMax: maximumAfterSlippage(amountIn, slippageBps).toString(),
    ...{ slippageBps, hops: views },
  };
}

/** No pool twice, as the contract has it. */
function parseRoute(
  given: readonly string[],
): readonly { readonly tokenIn: string; readonly tokenOut: string; readonly poolId: string }[] {
  if (given.length < 2 || given.length > ROUTE_POOLS_MAX + 1)
    throw new ApiError('INVALID_ARGUMENT', `A route has 2 to ${ROUTE_POOLS_MAX + 1} tokens`, 'tokens');
  const tokens = given.map((token) => parseAddress(token, 'tokens', getAddress));
  const steps = tokens.slice(1).map((tokenOut, index) => {
    const tokenIn = tokens[index] ?? '';
    return { tokenIn, tokenOut, poolId: poolIdOf(tokenIn, tokenOut, 'tokens') };
  });
  if (new Set(steps.map(({ poolId }) => poolId)).size < steps.length)
    throw new ApiError('INVALID_ARGUMENT', 'A route goes over each pool once', 'tokens');
  return steps;
}

function parseWanted({ amountIn, amountOut }: Pick<QuoteRequest, 'amountIn' | 'amountOut'>): {
  exact: 'IN' | 'OUT';
  amount: bigint;
} {
  const given = [amountIn ?? null, amountOut ?? null] as const;
  if (given[0] !== null && given[1] === null) {
    return { exact: 'IN', amount: parseAmount(given[0], 'amountIn', UINT128_MAX) };
  }
  if (given[0] === null && given[1] !== null) {
    return { exact: 'OUT', amount: parseAmount(given[1], 'amountOut', UINT128_MAX) };
  }
  throw new ApiError('INVALID_ARGUMENT', 'Give either amountIn or amountOut', 'amountIn');
}
