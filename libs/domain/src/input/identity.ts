import { UUID } from '@abland/kernel';
import { refusal } from '../vocabulary/errors.js';
import type { Hash, Uuid } from '../vocabulary/values.js';
import { UINT256_MAX } from './amount.js';

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
  if (!UUID.test(text.toLowerCase())) {
    throw refusal('INVALID_ID', `${field} is a UUID`, field);
  }
  return text.toLowerCase();
}

/**
 * The id of a proposal: an unsigned integer of 256 bits as decimal text.
 * @throws DomainError INVALID_ID
 */
export function parseProposalId(text: string, field: string): string {
  // The length is looked at first: reading a number of a million digits takes long.
  if (text.length > 78 || !/^(0|[1-9][0-9]*)$/.test(text) || BigInt(text) > UINT256_MAX) {
    throw refusal('INVALID_ID', `${field} is an unsigned integer of 256 bits in decimal`, field);
  }
  return text;
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
