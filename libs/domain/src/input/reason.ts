import { refusal } from '../vocabulary/errors.js';
import { shows } from './printable.js';

/**
 * Why an operator does something: 3 to 200 characters on one line. It stays in the log for good, so that an e-mail address, the
 * most likely slip in the reason of an erasure, is refused.
 * @throws DomainError INVALID_REASON
 */
export function parseReason(text: string, field = 'reason'): string {
  const length = [...text].length;
  if (length < 3 || length > 200 || text.trim() !== text || !shows(text) || text.includes('@')) {
    throw refusal(
      'INVALID_REASON',
      'A reason has 3 to 200 characters on one line and no e-mail address: it stays in the log for good',
      field,
    );
  }
  return text;
}
