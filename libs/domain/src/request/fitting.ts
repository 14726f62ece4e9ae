import { refusal } from '../vocabulary/errors.js';
import { sameAddress } from '../input/address.js';
import type { Address } from '../vocabulary/values.js';

/** A fact that claims to answer a request and differs from it in `field`. */
export function mismatch(
  field: string,
  expected: string | null,
  actual: string | null,
): ReturnType<typeof refusal> {
  return refusal('CONFIRMATION_MISMATCH', `The fact does not fit the request: another ${field}`, field, {
    expected,
    actual,
  });
}

/** @throws DomainError CONFIRMATION_MISMATCH */
export function assertAddressFits(field: string, expected: Address, actual: Address): void {
  if (!sameAddress(expected, actual)) throw mismatch(field, expected, actual);
}

/** @throws DomainError CONFIRMATION_MISMATCH */
export function assertTextFits(field: string, expected: string, actual: string): void {
  if (expected !== actual) throw mismatch(field, expected, actual);
}

/** @throws DomainError CONFIRMATION_MISMATCH */
export function assertAtLeast(field: string, least: string, actual: string): void {
  if (BigInt(actual) < BigInt(least)) throw mismatch(field, `at least ${least}`, actual);
}

/** @throws DomainError CONFIRMATION_MISMATCH */
export function assertAtMost(field: string, most: string, actual: string): void {
  if (BigInt(actual) > BigInt(most)) throw mismatch(field, `at most ${most}`, actual);
}
