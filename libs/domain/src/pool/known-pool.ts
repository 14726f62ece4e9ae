import { refusal } from '../vocabulary/errors.js';
import { sameAddress } from '../input/address.js';
import type { Address } from '../vocabulary/values.js';
import type { PoolReserves } from './arithmetic/liquidity.js';
import type { SwapReserves } from './arithmetic/swap.js';

/** The newest known state of a pool. */
export interface KnownPool extends PoolReserves {
  readonly tokenA: Address;
  readonly tokenB: Address;
}

/** @throws DomainError UNKNOWN_POOL for a pool that nobody has heard of */
export function requirePool(pool: KnownPool | null): KnownPool {
  if (pool === null) throw refusal('UNKNOWN_POOL', 'There is no such pool', 'poolId');
  return pool;
}

/**
 * A pool seen from the token that goes in.
 * @throws DomainError TOKEN_NOT_IN_POOL
 */
export function directionOf(
  pool: KnownPool,
  tokenIn: Address,
): SwapReserves & { readonly tokenOut: Address } {
  if (sameAddress(tokenIn, pool.tokenA)) {
    return { tokenOut: pool.tokenB, reserveIn: pool.reserveA, reserveOut: pool.reserveB };
  }
  if (sameAddress(tokenIn, pool.tokenB)) {
    return { tokenOut: pool.tokenA, reserveIn: pool.reserveB, reserveOut: pool.reserveA };
  }
  throw refusal('TOKEN_NOT_IN_POOL', 'The pool does not hold this token', 'tokenIn');
}
