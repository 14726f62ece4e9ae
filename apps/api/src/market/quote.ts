import {
  assertNotPaused,
  directionOf,
  minimumAfterSlippage,
  parseAddress,
  parseAmount,
  parseSlippage,
  quoteSwap,
  quoteSwapExactOut,
  refusal,
  UINT128_MAX,
} from '@abland/domain';
import { type At, poolById, type ReadModel } from '@abland/projections';
import { getAddress } from 'ethers';
import type { ServedChain } from '../served-chains/served-chain.js';
import { ApiError } from '../errors/api-error.js';
import { knownTrading, reservesOf } from './known-market.js';
import { poolIdOf } from './pool-id.js';
import type { Quote } from './quote.types.js';

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
  return {
    at,
    chainId,
    poolId,
    tokenIn,
    tokenOut,
    amountIn: quote.amountIn.toString(),
    amountOut: quote.amountOut.toString(),
    amountOutMin: minimumAfterSlippage(quote.amountOut, slippageBps).toString(),
    fee: quote.fee.toString(),
    protocolFee: quote.protocolPart.toString(),
    priceImpactBps: quote.priceImpactBps,
    slippageBps,
    poolBlock: pool.updatedBlock,
  };
}

function parseWanted({ amountIn, amountOut }: QuoteRequest): { exact: 'IN' | 'OUT'; amount: bigint } {
  const given = [amountIn ?? null, amountOut ?? null] as const;
  if (given[0] !== null && given[1] === null) {
    return { exact: 'IN', amount: parseAmount(given[0], 'amountIn', UINT128_MAX) };
  }
  if (given[0] === null && given[1] !== null) {
    return { exact: 'OUT', amount: parseAmount(given[1], 'amountOut', UINT128_MAX) };
  }
  throw new ApiError('INVALID_ARGUMENT', 'Give either amountIn or amountOut', 'amountIn');
}
