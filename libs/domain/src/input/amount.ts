import { refusal } from '../vocabulary/errors.js';

export const UINT256_MAX = 2n ** 256n - 1n;
/** Reserves, and so every amount that enters a pool, fit in 128 bits. */
export const UINT128_MAX = 2n ** 128n - 1n;

/**
 * A positive amount in base units, as decimal text without sign, point, exponent or leading zero.
 * @param max the largest amount allowed: UINT256_MAX for a token's amounts, UINT128_MAX for what enters a pool.
 * @throws DomainError INVALID_AMOUNT, AMOUNT_TOO_LARGE
 */
export function parseAmount(text: string, field: string, max: bigint = UINT256_MAX): bigint {
  if (!/^[1-9][0-9]*$/.test(text)) {
    throw refusal('INVALID_AMOUNT', `${field} is a positive whole number of base units`, field);
  }
  // The length is looked at first: reading a number of a million digits takes long.
  const value = text.length > 78 ? null : BigInt(text);
  if (value === null || value > max) {
    throw refusal('AMOUNT_TOO_LARGE', `${field} is at most ${max}`, field, { max: max.toString() });
  }
  return value;
}
