import { refusal } from '../errors.js';
import type { Hash, Uuid } from '../values.js';

/**
 * A transaction hash, block hash or pool id in lower case.
 * @throws DomainError INVALID_HASH
 */
export function parseHash(text: string, field: string): Hash {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) {
    throw refusal('INVALID_HASH', `${field} is 0x and 64 hexadecimal digits`, field);
  }
  return text.toLowerCase();
}

/**
 * A UUID of any version in lower case.
 * @throws DomainError INVALID_ID
 */
export function parseUuid(text: string, field: string): Uuid {
  if (!/^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/.test(text)) {
    throw refusal('INVALID_ID', `${field} is a UUID`, field);
  }
  return text.toLowerCase();
}

/**
 * The name that a client gives to one command, so that sending it again does nothing more: 1 to 100 visible ASCII
 * characters, kept as they are.
 * @throws DomainError INVALID_IDEMPOTENCY_KEY
 */
export function parseIdempotencyKey(text: string, field = 'idempotencyKey'): string {
  if (!/^[\x21-\x7e]{1,100}$/.test(text)) {
    throw refusal(
      'INVALID_IDEMPOTENCY_KEY',
      'An idempotency key has 1 to 100 visible ASCII characters',
      field,
    );
  }
  return text;
}
