import { refusal } from '../../errors.js';
import { parseSlippage } from '../../input/slippage.js';
import { BASIS_POINTS } from './swap.js';

/** The least that a caller accepts: so many basis points below the quote, or an amount of their own. */
export type Floor =
  | { readonly by: 'SLIPPAGE'; readonly basisPoints: number }
  | { readonly by: 'AMOUNT'; readonly amount: bigint };

/** An amount less so many basis points, rounded down. */
export const minimumAfterSlippage = (amount: bigint, basisPoints: number): bigint =>
  (amount * (BASIS_POINTS - BigInt(basisPoints))) / BASIS_POINTS;

/**
 * The minimum that the contract is told. It may not be above the quote, for the transaction would fail, nor further below
 * it than the bound, for the caller would be robbed.
 * @throws DomainError INVALID_SLIPPAGE, SLIPPAGE_OUT_OF_BOUNDS, SLIPPAGE_EXCEEDED
 */
export function minimumAmount(floor: Floor, quoted: bigint, slippageBpsMax: number, field: string): bigint {
  if (floor.by === 'SLIPPAGE') {
    return minimumAfterSlippage(quoted, parseSlippage(floor.basisPoints, 'slippageBps', slippageBpsMax));
  }
  if (floor.amount > quoted) {
    throw refusal('SLIPPAGE_EXCEEDED', `The pool gives ${quoted} now, less than ${field}`, field, {
      quoted: quoted.toString(),
    });
  }
  const least = minimumAfterSlippage(quoted, slippageBpsMax);
  if (floor.amount < least) {
    throw refusal('SLIPPAGE_OUT_OF_BOUNDS', `${field} is at least ${least}`, field, {
      least: least.toString(),
    });
  }
  return floor.amount;
}
