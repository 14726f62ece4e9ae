import { AblandError, DomainError } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { describe as inOneLine } from './program.js';

class AwayError extends AblandError {
  readonly code = 'AWAY';
}

describe('what a person is told of a failure', () => {
  it.each([
    [
      new DomainError('INVALID_ADDRESS', 'address is 0x and 40 digits', 'address'),
      'address is 0x and 40 digits (INVALID_ADDRESS)',
    ],
    [new AwayError('It is away', {}, new Error('nobody listens')), 'It is away: nobody listens (AWAY)'],
    [new Error('as it is\nand more'), 'as it is'],
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'connect ECONNREFUSED'],
    [
      Object.assign(new Error('used (transaction="0x02f8")'), {
        shortMessage: 'used',
        code: 'NONCE_EXPIRED',
      }),
      'used (NONCE_EXPIRED)',
    ],
  ])('has its code where there is one: %s', (error, told) => {
    expect(inOneLine(error)).toBe(`abland: ${told}`);
  });
});
