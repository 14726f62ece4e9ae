import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOfBits } from './amounts.fixture.js';
import { priceChange, spotPrice, wholePrice, worthAt, yearlyYield } from './price.js';

/** A rational number, reckoned as one learns it at school. */
interface Rational {
  readonly over: bigint;
  readonly under: bigint;
}
const rational = (over: bigint, under = 1n): Rational => ({ over, under });
const times = (a: Rational, b: Rational): Rational => ({ over: a.over * b.over, under: a.under * b.under });
const by = (a: Rational, b: Rational): Rational => ({ over: a.over * b.under, under: a.under * b.over });
const plus = (a: Rational, b: Rational): Rational => ({
  over: a.over * b.under + b.over * a.under,
  under: a.under * b.under,
});
const minus = (a: Rational, b: Rational): Rational => ({
  over: a.over * b.under - b.over * a.under,
  under: a.under * b.under,
});
/** A base unit of a token, in whole ones. */
const unit = (decimals: number): Rational => rational(1n, 10n ** BigInt(decimals));

/** Whether decimal text is the exact value, cut after so many significant digits. */
function isCutOf(text: string, exact: Rational, digitsMax: number): boolean {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const scale = 10n ** BigInt(fraction.length);
  const shown = BigInt(`${whole}${fraction}`);
  const [over, under] = [exact.over < 0n ? -exact.over : exact.over, exact.under];
  if (text.startsWith('-') !== exact.over < 0n || shown * under > over * scale) return false;
  if (shown * under === over * scale) return true;
  const digits = `${whole}${fraction}`.replace(/^0+/, '').length;
  // Zeros at its end are left out, so the last digit that counted may be further on.
  const further = 10n ** BigInt(Math.max(digitsMax - digits, 0));
  return over * scale * further < (shown * further + 1n) * under;
}

const reserve = amountOfBits(128);
const decimals = fc.oneof(fc.integer({ min: 0, max: 18 }), fc.integer({ min: 0, max: 255 }));

describe('a price', () => {
  it('is the ratio of whole tokens, whatever the decimals of both', () => {
    fc.assert(
      fc.property(reserve, reserve, decimals, decimals, (quote, base, quoteDecimals, baseDecimals) => {
        const price = spotPrice(quote, base);
        const text = price && wholePrice(price, { quote: quoteDecimals, base: baseDecimals });
        const exact = by(
          times(rational(quote), unit(quoteDecimals)),
          times(rational(base), unit(baseDecimals)),
        );
        expect(isCutOf(text ?? '', exact, 18)).toBe(true);
      }),
    );
  });

  it('has no number of whole tokens where nobody tells what a whole token is', () => {
    expect(wholePrice({ quote: 1n, base: 2n }, { quote: null, base: 18 })).toBeNull();
    expect(wholePrice({ quote: 1n, base: 2n }, { quote: 18, base: null })).toBeNull();
    expect(wholePrice({ quote: 5n * 10n ** 6n, base: 2n * 10n ** 18n }, { quote: 6, base: 18 })).toBe('2.5');
  });

  it('is absent where one side is empty', () => {
    expect(spotPrice(0n, 1n)).toBeNull();
    expect(spotPrice(1n, 0n)).toBeNull();
  });

  it('says what an amount is worth, cut down to a base unit', () => {
    fc.assert(
      fc.property(amountOfBits(150), reserve, reserve, (amount, quote, base) => {
        const exact = times(rational(amount), rational(quote, base));
        const worth = worthAt(amount, { quote, base });
        expect(worth * exact.under <= exact.over && exact.over < (worth + 1n) * exact.under).toBe(true);
      }),
    );
  });

  it('changes by percent of what it was', () => {
    expect(priceChange({ quote: 1n, base: 1n }, { quote: 1n, base: 4n })).toBe('-75');
    expect(priceChange({ quote: 2n, base: 4n }, { quote: 1n, base: 2n })).toBe('0');
    fc.assert(
      fc.property(reserve, reserve, reserve, reserve, (quote, base, quoteNow, baseNow) => {
        const then = rational(quote, base);
        const change = times(rational(100n), by(minus(rational(quoteNow, baseNow), then), then));
        const text = priceChange({ quote, base }, { quote: quoteNow, base: baseNow });
        expect(isCutOf(text, change, 8)).toBe(true);
      }),
    );
  });
});

describe('what a pool gives in a year', () => {
  it('is 365 times the mean of what a day kept of each side', () => {
    expect(yearlyYield({ amountA: 1n, amountB: 0n }, { amountA: 100n, amountB: 7n })).toBe('182.5');
    fc.assert(
      fc.property(amountOfBits(100), amountOfBits(100), reserve, reserve, (keptA, keptB, a, b) => {
        const text = yearlyYield({ amountA: keptA, amountB: keptB }, { amountA: a, amountB: b });
        const ofADay = times(plus(rational(keptA, a), rational(keptB, b)), rational(1n, 2n));
        expect(isCutOf(text ?? '', times(ofADay, rational(36_500n)), 8)).toBe(true);
      }),
    );
  });

  it('is not told of an empty pool', () => {
    expect(yearlyYield({ amountA: 1n, amountB: 1n }, { amountA: 0n, amountB: 1n })).toBeNull();
  });
});
