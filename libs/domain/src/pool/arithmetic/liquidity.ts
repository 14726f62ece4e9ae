import { refusal } from '../../vocabulary/errors.js';
import { divideUp, smaller, squareRoot } from './rounding.js';
import { assertReserve } from './swap.js';
import { UINT128_MAX } from '../../input/amount.js';

/** Liquidity that the first deposit locks for good, so that a share can never be made worth a fortune. */
export const MINIMUM_LIQUIDITY = 1000n;

/** Base units of each token, and the pool's shares in all, the locked ones included. */
export interface PoolReserves {
  readonly reserveA: bigint;
  readonly reserveB: bigint;
  readonly totalLiquidity: bigint;
}

export interface LiquidityChangeQuote {
  readonly amountA: bigint;
  readonly amountB: bigint;
  readonly liquidity: bigint;
  /** The pool afterwards. */
  readonly after: PoolReserves;
}

/** A later deposit: what it takes, and what the contract holds the caller's minimums against. */
export interface DepositQuote extends LiquidityChangeQuote {
  /** The amount without the rounding up for the pool. */
  readonly quotedA: bigint;
  readonly quotedB: bigint;
}

/**
 * The first deposit, as the contract's `createPool` computes it; `liquidity` is the depositor's, without what is locked.
 * @throws DomainError AMOUNT_TOO_SMALL, RESERVE_OVERFLOW
 */
export function quoteFirstDeposit(amountA: bigint, amountB: bigint): LiquidityChangeQuote {
  assertReserve(amountA, 'amountA');
  assertReserve(amountB, 'amountB');
  const totalLiquidity = squareRoot(amountA * amountB);
  if (totalLiquidity <= MINIMUM_LIQUIDITY) {
    throw refusal(
      'AMOUNT_TOO_SMALL',
      'The product of both amounts of a first deposit is above 1000 times 1000',
      'amountA',
    );
  }
  return {
    amountA,
    amountB,
    liquidity: totalLiquidity - MINIMUM_LIQUIDITY,
    after: { reserveA: amountA, reserveB: amountB, totalLiquidity },
  };
}

/**
 * A later deposit: as much of both as keeps the pool's price, at most what is desired. Of the scarcer token (of the smaller reserve),
 * one unit of which is dear, nothing is rounded up; the other amount is, by less than a unit. What is given is rounded down.
 * @throws DomainError INSUFFICIENT_LIQUIDITY for an empty pool, AMOUNT_TOO_SMALL where it would give no liquidity,
 *   RESERVE_OVERFLOW
 */
export function quoteAddLiquidity(
  pool: PoolReserves,
  amountADesired: bigint,
  amountBDesired: bigint,
): DepositQuote {
  assertNotEmpty(pool);
  const amounts = optimalAmounts(pool, amountADesired, amountBDesired);
  const { amountA, amountB } = amounts;
  const liquidity = smaller(
    (amountA * pool.totalLiquidity) / pool.reserveA,
    (amountB * pool.totalLiquidity) / pool.reserveB,
  );
  if (liquidity <= 0n) {
    throw refusal('AMOUNT_TOO_SMALL', 'The pool would give no liquidity for these amounts', 'amountADesired');
  }
  const after = {
    reserveA: pool.reserveA + amountA,
    reserveB: pool.reserveB + amountB,
    totalLiquidity: pool.totalLiquidity + liquidity,
  };
  assertReserve(after.reserveA, 'amountADesired');
  assertReserve(after.reserveB, 'amountBDesired');
  return { ...amounts, liquidity, after };
}

/** What liquidity stands for: its part of both reserves, rounded down; nothing of a pool without liquidity. */
export function partOf(
  { reserveA, reserveB, totalLiquidity }: PoolReserves,
  liquidity: bigint,
): { readonly amountA: bigint; readonly amountB: bigint } {
  if (totalLiquidity <= 0n) return { amountA: 0n, amountB: 0n };
  return {
    amountA: (liquidity * reserveA) / totalLiquidity,
    amountB: (liquidity * reserveB) / totalLiquidity,
  };
}

/**
 * What liquidity gives back: its part of both reserves, rounded down.
 * @throws DomainError INSUFFICIENT_LIQUIDITY where there is less, AMOUNT_TOO_SMALL where both parts would be
 *   nothing; one may be, so that a pool with a tiny reserve can still be left
 */
export function quoteRemoveLiquidity(pool: PoolReserves, liquidity: bigint): LiquidityChangeQuote {
  assertNotEmpty(pool);
  if (liquidity > pool.totalLiquidity) {
    throw refusal('INSUFFICIENT_LIQUIDITY', 'The pool does not have as much liquidity', 'liquidity', {
      totalLiquidity: pool.totalLiquidity.toString(),
    });
  }
  const { amountA, amountB } = partOf(pool, liquidity);
  if (amountA <= 0n && amountB <= 0n) {
    throw refusal('AMOUNT_TOO_SMALL', 'The pool would give nothing for this', 'liquidity');
  }
  return {
    amountA,
    amountB,
    liquidity,
    after: {
      reserveA: pool.reserveA - amountA,
      reserveB: pool.reserveB - amountB,
      totalLiquidity: pool.totalLiquidity - liquidity,
    },
  };
}

type Amounts = Pick<DepositQuote, 'amountA' | 'amountB' | 'quotedA' | 'quotedB'>;

function optimalAmounts(
  { reserveA, reserveB }: PoolReserves,
  amountADesired: bigint,
  amountBDesired: bigint,
): Amounts {
  if (reserveA > reserveB) {
    const { scarcer, other, quoted } = amountsByScarcer(amountBDesired, amountADesired, reserveB, reserveA);
    return { amountA: other, amountB: scarcer, quotedA: quoted, quotedB: scarcer };
  }
  const { scarcer, other, quoted } = amountsByScarcer(amountADesired, amountBDesired, reserveA, reserveB);
  return { amountA: scarcer, amountB: other, quotedA: scarcer, quotedB: quoted };
}

/** As many units of the scarcer token as both desired amounts allow; the contract takes what passes 128 bits for 128 bits, as this does. */
function amountsByScarcer(
  scarcerDesired: bigint,
  otherDesired: bigint,
  scarcerReserve: bigint,
  otherReserve: bigint,
): { readonly scarcer: bigint; readonly other: bigint; readonly quoted: bigint } {
  const most = smaller(otherDesired, UINT128_MAX);
  const wanted = smaller(scarcerDesired, UINT128_MAX);
  const fits = (wanted * otherReserve) / scarcerReserve <= most;
  const scarcer = fits ? wanted : (most * scarcerReserve) / otherReserve;
  const quoted = (scarcer * otherReserve) / scarcerReserve;
  return { scarcer, quoted, other: smaller(divideUp(scarcer * otherReserve, scarcerReserve), most) };
}

function assertNotEmpty(pool: PoolReserves): void {
  if (pool.totalLiquidity <= 0n || pool.reserveA <= 0n || pool.reserveB <= 0n) {
    throw refusal('INSUFFICIENT_LIQUIDITY', 'The pool is empty', 'poolId');
  }
}
