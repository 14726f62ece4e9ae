import type { Swap } from '@abland/domain';

/** A swap's amounts by side of its pool. Pools order their tokens by address, so the event alone tells which is A. */
export interface SwapSides {
  readonly sellsA: boolean;
  readonly amountA: bigint;
  readonly amountB: bigint;
}

export function sidesOf(swap: Swap['data']): SwapSides {
  const sellsA = swap.tokenIn.toLowerCase() < swap.tokenOut.toLowerCase();
  const amountIn = BigInt(swap.amountIn);
  const amountOut = BigInt(swap.amountOut);
  return sellsA
    ? { sellsA, amountA: amountIn, amountB: amountOut }
    : { sellsA, amountA: amountOut, amountB: amountIn };
}
