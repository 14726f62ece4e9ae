import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOfBits } from './amounts.fixture.js';
import { decimalText } from './decimal-text.js';

describe('a ratio as decimal text', () => {
  it.each([
    [1n, 3n, '0.333333333333333333'],
    [2n, 3n, '0.666666666666666666'],
    [10n, 5n, '2'],
    [0n, 5n, '0'],
    [-1n, 4n, '-0.25'],
    [1n, 10n ** 20n, '0.00000000000000000001'],
    [3n, 10n ** 300n, `0.${'0'.repeat(299)}3`],
    [12_345_678_901_234_567_890n, 1n, '12345678901234567890'],
    [10n ** 18n + 1n, 10n ** 18n, '1'],
  ])('writes %s / %s as %s', (numerator, denominator, written) => {
    expect(decimalText(numerator, denominator)).toBe(written);
  });

  it('is never above the exact value, misses it by less than one unit of its last digit, and is never zero for something', () => {
    fc.assert(
      fc.property(amountOfBits(900), amountOfBits(900), (a, b) => {
        const [whole = '0', fraction = ''] = decimalText(a, b).split('.');
        const scale = 10n ** BigInt(fraction.length);
        const shown = BigInt(whole) * scale + BigInt(fraction === '' ? 0 : fraction);
        expect(shown).toBeGreaterThan(0n);
        expect(shown * b <= a * scale).toBe(true);
        const digits = `${whole}${fraction}`.replace(/^0+/, '').length;
        if (digits >= 18) expect(a * scale < (shown + 1n) * b).toBe(true);
      }),
    );
  });
});
