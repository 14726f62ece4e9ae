import { refusal } from '../vocabulary/errors.js';

/** Half of the amount: whoever tolerates more has most likely mistyped. */
export const SLIPPAGE_BPS_MAX = 5000;

/**
 * Basis points of 10,000, from 0 to a bound.
 * @throws DomainError INVALID_SLIPPAGE, SLIPPAGE_OUT_OF_BOUNDS
 */
export function parseSlippage(value: number, field = 'slippageBps', max = SLIPPAGE_BPS_MAX): number {
  if (!Number.isInteger(value) || value < 0) {
    throw refusal('INVALID_SLIPPAGE', 'Slippage is a whole number of basis points from 0 on', field);
  }
  if (value > max) {
    throw refusal('SLIPPAGE_OUT_OF_BOUNDS', `Slippage is at most ${max} basis points`, field, { max });
  }
  return value;
}
