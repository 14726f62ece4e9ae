import { refusal } from '../vocabulary/errors.js';
import type { Address } from '../vocabulary/values.js';

/**
 * Gives an address of any case its EIP-55 spelling. Keccak-256 is needed for it, so that it comes from outside: the rule
 * which spellings are accepted is here.
 */
export type Checksum = (address: string) => Address;

/**
 * The checksummed spelling of an address. Accepted are that spelling itself, and all letters in one case, which claims no
 * checksum (EIP-55). Every other case pattern claims a checksum that is wrong.
 * @throws DomainError INVALID_ADDRESS, WRONG_CHECKSUM
 */
export function parseAddress(text: string, field: string, checksum: Checksum): Address {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw refusal('INVALID_ADDRESS', `${field} is 0x and 40 hexadecimal digits`, field);
  }
  const lowerCase = text.toLowerCase();
  const checksummed = checksum(lowerCase);
  const upperCase = `0x${text.slice(2).toUpperCase()}`;
  if (![checksummed, lowerCase, upperCase].includes(text)) {
    throw refusal('WRONG_CHECKSUM', `${field} has a wrong checksum`, field, { expected: checksummed });
  }
  return checksummed;
}

/** Whether two spellings name one address. */
export const sameAddress = (one: Address, other: Address): boolean =>
  one.toLowerCase() === other.toLowerCase();

/**
 * Two different tokens in the order in which a pool holds them, and whether they were swapped for it.
 * @throws DomainError IDENTICAL_TOKENS
 */
export function sortTokens(
  tokenX: Address,
  tokenY: Address,
  field = 'tokenB',
): { readonly tokenA: Address; readonly tokenB: Address; readonly swapped: boolean } {
  const x = tokenX.toLowerCase();
  const y = tokenY.toLowerCase();
  if (x === y) throw refusal('IDENTICAL_TOKENS', 'A pool holds two different tokens', field);
  return x < y
    ? { tokenA: tokenX, tokenB: tokenY, swapped: false }
    : { tokenA: tokenY, tokenB: tokenX, swapped: true };
}
