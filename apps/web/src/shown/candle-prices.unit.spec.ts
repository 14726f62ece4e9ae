import { describe, expect, it } from '@jest/globals';
import { priceOf } from './candle-prices.js';

const gold = { symbol: 'GLD', decimals: 18 };
const dollar = { symbol: 'USD', decimals: 6 };

describe('a price of a pool', () => {
  it('is that of the token which is asked for, whichever side it is', () => {
    // 2,000 USD for 1 GLD, in base units.
    const [one, two] = [(10n ** 18n).toString(), (2_000n * 10n ** 6n).toString()];
    expect(priceOf({ a: one, b: two }, true, gold, dollar)).toBe('2000');
    expect(priceOf({ a: two, b: one }, false, gold, dollar)).toBe('2000');
    expect(priceOf({ a: one, b: two }, false, dollar, gold)).toBe('0.0005');
  });

  it('is none of an empty pool', () => {
    expect(priceOf({ a: '0', b: '1' }, true, gold, dollar)).toBeNull();
  });
});
