import { describe, expect, it } from '@jest/globals';
import { UINT128_MAX, UINT256_MAX, parseAmount } from './amount.js';

const refused = (code: string) => expect.objectContaining({ code, field: 'amountIn' });

describe('an amount', () => {
  it.each([
    ['1', 1n],
    ['10', 10n],
    [UINT256_MAX.toString(), UINT256_MAX],
  ])('may be %s', (text, amount) => {
    expect(parseAmount(text, 'amountIn')).toBe(amount);
  });
  it.each([
    '',
    '0',
    '00',
    '-1',
    '+1',
    '01',
    '1.5',
    '1e18',
    '0x1',
    ' 1',
    '1 ',
    '1\n',
    '1,000',
    'NaN',
    '١٢',
    '１',
  ])('may not be %j', (text) => {
    expect(() => parseAmount(text, 'amountIn')).toThrow(refused('INVALID_AMOUNT'));
  });
  it('is at most what 256 bits hold, however long the text is', () => {
    expect(() => parseAmount((UINT256_MAX + 1n).toString(), 'amountIn')).toThrow(refused('AMOUNT_TOO_LARGE'));
    expect(() => parseAmount('9'.repeat(1_000_000), 'amountIn')).toThrow(refused('AMOUNT_TOO_LARGE'));
  });
  it('is at most what a reserve holds where it enters a pool', () => {
    expect(parseAmount(UINT128_MAX.toString(), 'amountIn', UINT128_MAX)).toBe(2n ** 128n - 1n);
    expect(() => parseAmount((UINT128_MAX + 1n).toString(), 'amountIn', UINT128_MAX)).toThrow(
      refused('AMOUNT_TOO_LARGE'),
    );
  });
});
