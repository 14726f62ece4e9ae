import type { Swap } from '@abland/domain';

/** A swap's amounts by side of its pool. Pools order their tokens by address, so the event alone tells which is A. */
export interface SwapSides {
  readonly sellsA: boolean;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  readonly amountA: bigint;
  readonly amountB: bigint;
}

export function sidesOf(swap: Swap['data']): SwapSides {
  if (newest?.swap !== swap) newest = { swap, sides: sidesIn(swap) };
  return newest.sides;
}

/** Several read models ask for those of the same swap, one after the other. */
let newest: { readonly swap: Swap['data']; readonly sides: SwapSides } | null = null;

function sidesIn(swap: Swap['data']): SwapSides {
  const sellsA = swap.tokenIn.toLowerCase() < swap.tokenOut.toLowerCase();
  const amountIn = BigInt(swap.amountIn);
  const amountOut = BigInt(swap.amountOut);
  return sellsA
    ? { sellsA, amountIn, amountOut, amountA: amountIn, amountB: amountOut }
    : { sellsA, amountIn, amountOut, amountA: amountOut, amountB: amountIn };
}
