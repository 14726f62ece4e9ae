import { refusal } from '../../vocabulary/errors.js';
import { parseSlippage } from '../../input/slippage.js';
import { BASIS_POINTS } from './swap.js';

/** The least that a caller accepts: so many basis points below the quote, or an amount of their own. */
export type LeastAmount =
  | { readonly by: 'SLIPPAGE'; readonly basisPoints: number }
  | { readonly by: 'AMOUNT'; readonly amount: bigint };

/** An amount less so many basis points, rounded down. */
export const minimumAfterSlippage = (amount: bigint, basisPoints: number): bigint =>
  (amount * (BASIS_POINTS - BigInt(basisPoints))) / BASIS_POINTS;

/** An amount and so many basis points upon it, rounded down. */
export const maximumAfterSlippage = (amount: bigint, basisPoints: number): bigint =>
  (amount * (BASIS_POINTS + BigInt(basisPoints))) / BASIS_POINTS;

/**
 * The minimum that the contract is told. It may not be above the quote, for the transaction would fail, nor further below
 * it than the bound, for the caller would be robbed.
 * @throws DomainError INVALID_SLIPPAGE, SLIPPAGE_OUT_OF_BOUNDS, SLIPPAGE_EXCEEDED
 */
export function minimumAmount(
  wanted: LeastAmount,
  quoted: bigint,
  slippageBpsMax: number,
  field: string,
): bigint {
  if (wanted.by === 'SLIPPAGE') {
    return minimumAfterSlippage(quoted, parseSlippage(wanted.basisPoints, 'slippageBps', slippageBpsMax));
  }
  if (wanted.amount > quoted) {
    throw refusal('SLIPPAGE_EXCEEDED', `The pool gives ${quoted} now, less than ${field}`, field, {
      quoted: quoted.toString(),
    });
  }
  const least = minimumAfterSlippage(quoted, slippageBpsMax);
  if (wanted.amount < least) {
    throw refusal('SLIPPAGE_OUT_OF_BOUNDS', `${field} is at least ${least}`, field, {
      least: least.toString(),
    });
  }
  return wanted.amount;
}
