import { describe, expect, it } from '@jest/globals';
import { EventStoreUnavailableError, TimeLimitError } from '@abland/kernel';
import { isPassingFailure, isRefusedByDatabase, postgresFailureClassOf } from './failure-classes.js';

const answered = (code: string, message = 'x'): Error =>
  Object.assign(new Error(message), { code, severity: 'ERROR' });

describe('the class of a failure of PostgreSQL', () => {
  it.each([
    ['57014', 'LATER'],
    ['55P03', 'LATER'],
    ['25006', 'LATER'],
    ['53100', 'LATER'],
    ['53300', 'LATER'],
    ['26000', 'LATER'],
    ['57P01', 'LATER'],
    ['57P02', 'LATER'],
    ['57P03', 'LATER'],
    ['25P03', 'LATER'],
    ['40001', 'LATER'],
    ['40P01', 'LATER'],
    ['08006', 'LATER'],
    ['54000', 'LESS'],
    ['28P01', 'WRONG'],
    ['3D000', 'WRONG'],
    ['42501', 'WRONG'],
    ['0A000', 'OURS'],
    ['42P01', 'OURS'],
    ['42601', 'OURS'],
    ['23505', 'OURS'],
  ] as const)('with SQLSTATE %s is %s', (code, expected) => {
    expect(postgresFailureClassOf(answered(code))).toBe(expected);
  });

  it('passes where a table was altered under a prepared statement', () => {
    const error = answered('0A000', 'cached plan must not change result type');
    expect(postgresFailureClassOf(error)).toBe('LATER');
  });

  it('passes where the connection was lost, and is as the kernel says where it is none of PostgreSQL', () => {
    expect(postgresFailureClassOf(new Error('Connection terminated unexpectedly'))).toBe('LATER');
    expect(postgresFailureClassOf(new EventStoreUnavailableError('gone'))).toBe('LATER');
    expect(postgresFailureClassOf(Object.assign(new Error('x'), { code: 'ABCDE' }))).toBe('OURS');
    expect(postgresFailureClassOf(new TypeError('x'))).toBe('OURS');
  });

  it('tells what PostgreSQL does not let us do, until a person puts it right', () => {
    for (const code of ['28P01', '28000', '3D000', '42501'])
      expect(isRefusedByDatabase(answered(code))).toBe(true);
    for (const code of ['57P01', '42P01']) expect(isRefusedByDatabase(answered(code))).toBe(false);
    expect(isRefusedByDatabase(new EventStoreUnavailableError('gone'))).toBe(false);
  });

  it('tells what PostgreSQL cannot do for the moment from what others cannot', () => {
    expect(isPassingFailure(answered('57014'))).toBe(true);
    expect(isPassingFailure(new TimeLimitError('waiting for a connection'))).toBe(true);
    expect(isPassingFailure(answered('23505'))).toBe(false);
    expect(isPassingFailure(new EventStoreUnavailableError('gone'))).toBe(false);
  });
});
