import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { priceOf, ratioText } from './ratio.js';

describe('ratioText', () => {
  it.each([
    [1n, 3n, '0.333333333333333333'],
    [2n, 3n, '0.666666666666666666'],
    [10n, 5n, '2'],
    [0n, 5n, '0'],
    [-1n, 4n, '-0.25'],
    [1n, 10n ** 20n, '0.00000000000000000001'],
    [12_345_678_901_234_567_890n, 1n, '12345678901234567890'],
    [10n ** 18n + 1n, 10n ** 18n, '1'],
  ])('writes %s / %s as %s', (numerator, denominator, written) => {
    expect(ratioText(numerator, denominator)).toBe(written);
  });

  it('is never above the exact value and misses it by less than one unit of its last digit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 128n }),
        fc.bigInt({ min: 1n, max: 2n ** 128n }),
        (a, b) => {
          const [whole = '0', fraction = ''] = ratioText(a, b).split('.');
          const scale = 10n ** BigInt(fraction.length);
          const shown = BigInt(whole) * scale + BigInt(fraction === '' ? 0 : fraction);
          expect(shown * b <= a * scale).toBe(true);
          const digits = `${whole}${fraction}`.replace(/^0+/, '').length;
          if (digits >= 18) expect(a * scale < (shown + 1n) * b).toBe(true);
        },
      ),
    );
  });
});

describe('priceOf', () => {
  it('counts whole tokens of both sides, whatever their decimals', () => {
    const price = priceOf(
      { token: '0xq', amount: 5n * 10n ** 6n, decimals: 6 },
      { amount: 2n * 10n ** 18n, decimals: 18 },
    );
    expect(price).toEqual({
      quoteToken: '0xq',
      numerator: '5000000',
      denominator: '2000000000000000000',
      value: '2.5',
    });
  });

  it('is absent where one side is empty', () => {
    expect(priceOf({ token: '0xq', amount: 0n, decimals: 0 }, { amount: 1n, decimals: 0 })).toBeNull();
    expect(priceOf({ token: '0xq', amount: 1n, decimals: 0 }, { amount: 0n, decimals: 0 })).toBeNull();
  });
});
