import { describe, expect, it } from '@jest/globals';
import { isConnectionLoss } from './connection-loss.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe('isConnectionLoss', () => {
  it.each(['57P01', '57P03', '08006', 'ECONNREFUSED', 'ECONNRESET'])('takes %s as a loss', (code) => {
    expect(isConnectionLoss(withCode(code))).toBe(true);
  });
  it.each(['23505', '42P01', '40001'])('does not take %s as a loss', (code) => {
    expect(isConnectionLoss(withCode(code))).toBe(false);
  });
  it('knows the errors that node-postgres gives without a code', () => {
    expect(isConnectionLoss(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isConnectionLoss(new Error('bind message has 2 parameters'))).toBe(false);
  });
  it('takes a server’s socket that is not there as a loss, and a file of a setting that is not there as what it is', () => {
    const absent = (syscall: string): Error => Object.assign(withCode('ENOENT'), { syscall });
    expect(isConnectionLoss(absent('connect'))).toBe(true);
    expect(isConnectionLoss(absent('open'))).toBe(false);
  });
  it('looks into the addresses that a host name resolved to', () => {
    expect(isConnectionLoss(new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]))).toBe(
      true,
    );
    expect(isConnectionLoss(new AggregateError([withCode('ECONNREFUSED'), withCode('42P01')]))).toBe(false);
  });
});
