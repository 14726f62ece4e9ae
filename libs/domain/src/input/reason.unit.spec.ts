import { describe, expect, it } from '@jest/globals';
import { parseReason } from './reason.js';

const refused = (code: string, field: string) => expect.objectContaining({ code, field });

describe('the reason of an operation', () => {
  it('is a line of text', () => {
    expect(parseReason('Asked by letter, 3 May')).toBe('Asked by letter, 3 May');
  });
  it.each([
    '',
    'ab',
    'x'.repeat(201),
    ' padded',
    'two\nlines',
    'lone \ud800',
    'right\u202eleft',
    'zero\u200bwidth',
    'asked by ada@example.org',
  ])('may not be %j', (text) => {
    expect(() => parseReason(text)).toThrow(refused('INVALID_REASON', 'reason'));
  });
});
