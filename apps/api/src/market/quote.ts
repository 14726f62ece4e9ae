import {
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
import { feesInForceNow, poolById, type ReadModel } from '@abland/projections';
import { getAddress } from 'ethers';
import { ApiError } from '../errors/api-error.js';
import { poolIdOf } from './pool-id.js';
import type { Quote } from './quote.types.js';

export interface QuoteRequest {
  readonly chainId: number;
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly amountIn: string | null;
  readonly amountOut: string | null;
  readonly slippageBps: number | null;
}

/** What the pool would do with a swap now. @throws DomainError or ApiError that names the argument */
export async function quoteOf(readModel: ReadModel, request: QuoteRequest): Promise<Quote> {
  const { chainId } = request;
  const tokenIn = parseAddress(request.tokenIn, 'tokenIn', getAddress);
  const tokenOut = parseAddress(request.tokenOut, 'tokenOut', getAddress);
  const slippageBps = parseSlippage(request.slippageBps ?? 50);
  const wanted = parseWanted(request);
  const poolId = poolIdOf(tokenIn, tokenOut, 'tokenOut');
  const [pool, fees] = await Promise.all([
    poolById(readModel, { chainId, id: poolId }),
    feesInForceNow(readModel, chainId),
  ]);
  if (pool === null) throw refusal('UNKNOWN_POOL', 'There is no pool of these tokens', 'tokenOut');
  if (fees === null) throw new ApiError('SERVICE_UNAVAILABLE', 'The fees of the chain are not known yet');
  const reserves = directionOf(
    {
      tokenA: pool.tokenA,
      tokenB: pool.tokenB,
      reserveA: BigInt(pool.reserveA),
      reserveB: BigInt(pool.reserveB),
      totalLiquidity: BigInt(pool.totalLiquidity),
    },
    tokenIn,
  );
  const quote =
    wanted.exact === 'IN'
      ? quoteSwap(reserves, fees, wanted.amount)
      : quoteSwapExactOut(reserves, fees, wanted.amount);
  return {
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
