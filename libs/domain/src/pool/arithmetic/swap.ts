import { refusal } from '../../vocabulary/errors.js';
import { UINT128_MAX } from '../../input/amount.js';
import { divideUp } from './rounding.js';

export const BASIS_POINTS = 10_000n;

/** Basis points of 10,000. The protocol's fee is a part of the swap fee and never above it. */
export interface PoolFees {
  readonly swapFee: bigint;
  readonly protocolFee: bigint;
}

/** A pool seen in the direction of a swap; base units of each token. */
export interface SwapReserves {
  readonly reserveIn: bigint;
  readonly reserveOut: bigint;
}

export interface SwapQuote {
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  /** What of amountIn goes to the protocol, outside of the reserves. */
  readonly protocolPart: bigint;
  /** What of amountIn is the swap fee, the protocol's part included; rounded up. */
  readonly fee: bigint;
  readonly reserveIn: bigint;
  readonly reserveOut: bigint;
  /** How much worse than the price of the reserves, the fee set aside; basis points, rounded up. */
  readonly priceImpactBps: number;
}

/** What of an amount that goes in is fee: the whole of it, rounded up, and the protocol's part of it, as the contract cuts it. */
export const feesPaid = (
  amountIn: bigint,
  fees: PoolFees,
): { readonly fee: bigint; readonly protocolPart: bigint } => ({
  fee: divideUp(amountIn * fees.swapFee, BASIS_POINTS),
  protocolPart: (amountIn * fees.protocolFee) / BASIS_POINTS,
});

/**
 * What the pool pays for an amount, as the contract's `swap` computes it, bit for bit.
 * @throws DomainError INSUFFICIENT_LIQUIDITY for an empty pool, AMOUNT_TOO_SMALL where it would pay nothing,
 *   RESERVE_OVERFLOW where the amount or the reserve would pass 128 bits.
 */
export function quoteSwap(reserves: SwapReserves, fees: PoolFees, amountIn: bigint): SwapQuote {
  assertLiquid(reserves);
  assertReserve(amountIn, 'amountIn');
  const afterFee = amountIn * (BASIS_POINTS - fees.swapFee);
  const scaledReserve = reserves.reserveIn * BASIS_POINTS + afterFee;
  const amountOut = (afterFee * reserves.reserveOut) / scaledReserve;
  if (amountOut <= 0n) {
    throw refusal('AMOUNT_TOO_SMALL', 'The pool would pay nothing for this amount', 'amountIn');
  }
  const { fee, protocolPart } = feesPaid(amountIn, fees);
  const reserveIn = reserves.reserveIn + amountIn - protocolPart;
  assertReserve(reserveIn, 'amountIn');
  return {
    amountIn,
    amountOut,
    protocolPart,
    fee,
    reserveIn,
    reserveOut: reserves.reserveOut - amountOut,
    priceImpactBps: Number(divideUp(afterFee * BASIS_POINTS, scaledReserve)),
  };
}

/**
 * The smallest amount for which the pool pays at least `amountOut`, and what it pays for it.
 * @throws DomainError INSUFFICIENT_LIQUIDITY where the pool does not hold as much, RESERVE_OVERFLOW
 */
export function quoteSwapExactOut(reserves: SwapReserves, fees: PoolFees, amountOut: bigint): SwapQuote {
  assertLiquid(reserves);
  const kept = BASIS_POINTS - fees.swapFee;
  if (amountOut >= reserves.reserveOut || kept <= 0n) {
    throw refusal('INSUFFICIENT_LIQUIDITY', 'The pool does not hold as much', 'amountOut', {
      reserve: reserves.reserveOut.toString(),
    });
  }
  const afterFee = divideUp(amountOut * reserves.reserveIn * BASIS_POINTS, reserves.reserveOut - amountOut);
  return quoteSwap(reserves, fees, divideUp(afterFee, kept));
}

/**
 * @throws DomainError RESERVE_OVERFLOW
 */
export function assertReserve(reserve: bigint, field: string): void {
  if (reserve > UINT128_MAX) {
    throw refusal('RESERVE_OVERFLOW', 'The pool cannot hold as much of a token', field, {
      max: UINT128_MAX.toString(),
    });
  }
}

function assertLiquid({ reserveIn, reserveOut }: SwapReserves): void {
  if (reserveIn <= 0n || reserveOut <= 0n) {
    throw refusal('INSUFFICIENT_LIQUIDITY', 'The pool is empty', 'poolId');
  }
}
