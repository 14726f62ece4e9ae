import { parseAmount, parseSlippage, SLIPPAGE_BPS_MAX, type LeastAmount } from '@abland/domain';
import { ApiError } from '../../errors/api-error.js';

const SLIPPAGE_BPS_DEFAULT = 50;

/**
 * The least that a caller accepts of one side: an amount of their own, or basis points below the quote.
 * @throws DomainError INVALID_AMOUNT, AMOUNT_TOO_LARGE, INVALID_SLIPPAGE, SLIPPAGE_OUT_OF_BOUNDS
 * @throws ApiError INVALID_ARGUMENT where both are given
 */
export function parseLeastAmount(
  amount: string | null | undefined,
  slippageBps: number | null | undefined,
  field: string,
): LeastAmount {
  const given = amount ?? null;
  const slippage = slippageBps ?? null;
  if (given === null) {
    return {
      by: 'SLIPPAGE',
      basisPoints: parseSlippage(slippage ?? SLIPPAGE_BPS_DEFAULT, 'slippageBps', SLIPPAGE_BPS_MAX),
    };
  }
  if (slippage !== null) {
    throw new ApiError('INVALID_ARGUMENT', `${field} and slippageBps exclude each other`, field);
  }
  return { by: 'AMOUNT', amount: parseAmount(given, field) };
}
