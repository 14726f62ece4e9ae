import { parseAddress, parseHash, shows } from '@abland/domain';
import { getAddress } from 'ethers';
import { ApiError } from '../errors/api-error.js';

/** Leaves absent what was not given: with exact optional properties null is not absent. */
export function optional<Name extends string, Value, Parsed>(
  name: Name,
  value: Value | null | undefined,
  parse: (value: Value, field: Name) => Parsed,
): Partial<Record<Name, Parsed>> {
  return value === null || value === undefined
    ? {}
    : ({ [name]: parse(value, name) } as Partial<Record<Name, Parsed>>);
}

/** @throws DomainError INVALID_ADDRESS, WRONG_CHECKSUM */
export const address = (text: string, field: string): string => parseAddress(text, field, getAddress);

/** @throws DomainError INVALID_HASH */
export const hash = (text: string, field: string): string => parseHash(text, field);

export const same = <Value>(value: Value): Value => value;

/** @throws ApiError INVALID_SEARCH */
export function search(text: string, field: string): string {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > 100 || !shows(text)) {
    throw new ApiError('INVALID_SEARCH', 'A search text has 1 to 100 printing characters', field);
  }
  return trimmed;
}

/** @throws ApiError INVALID_ARGUMENT */
export function wholeTokens(text: string, field: string): bigint {
  if (!/^\d{1,60}$/.test(text))
    throw new ApiError('INVALID_ARGUMENT', `${field} is a whole number from 0 on, of up to 60 digits`, field);
  return BigInt(text);
}
