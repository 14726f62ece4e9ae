import { describe, expect, it } from '@jest/globals';
import { DomainError } from './domain-error.js';
import { EventStoreUnavailableError, LogMismatchError } from '../events/errors.js';
import { InvariantViolation } from './abland-error.js';
import { failureClassOf, mayPass } from './failure-class.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe('the class of a failure', () => {
  it.each([
    [new EventStoreUnavailableError('gone'), 'LATER'],
    [new LogMismatchError('another log'), 'WRONG'],
    [new InvariantViolation('broken'), 'OURS'],
    [new DomainError('NO', 'no'), 'WRONG'],
    [new TypeError('x is not a function'), 'OURS'],
    ['a text', 'OURS'],
    [undefined, 'OURS'],
    [withCode('ECONNREFUSED'), 'LATER'],
    [withCode('ENOENT'), 'OURS'],
    [AbortSignal.abort().reason, 'LATER'],
    [new TypeError('fetch failed', { cause: withCode('ECONNRESET') }), 'LATER'],
    [new AggregateError([withCode('ECONNREFUSED'), withCode('ETIMEDOUT')]), 'LATER'],
    [new AggregateError([withCode('ECONNREFUSED'), new TypeError('x')]), 'OURS'],
  ] as const)('of %s is %s', (error, expected) => {
    expect(failureClassOf(error)).toBe(expected);
  });

  it('says whether a repetition can help', () => {
    expect((['LATER', 'LESS', 'ANOTHER', 'WRONG', 'OURS'] as const).map(mayPass)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
