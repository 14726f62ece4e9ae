import { describe, expect, it } from '@jest/globals';
import { baseUnitsOf, exactAmount, numberWords, ratioText, smallText } from './amounts.js';

describe('amounts for people', () => {
  it('are exact to the base unit, whatever their size', () => {
    expect(exactAmount('1500000', 6)).toBe('1.5');
    expect(exactAmount('1', 18)).toBe('0.000000000000000001');
    expect(exactAmount('-2500', 3)).toBe('-2.5');
    expect(exactAmount('7', 0)).toBe('7');
    expect(exactAmount((2n ** 256n - 1n).toString(), 18)).toBe(
      '115792089237316195423570985008687907853269984665640564039457.584007913129639935',
    );
  });

  it('are read as they are typed, and not where they are finer than the token', () => {
    expect(['1.5', '.5', '2.', '0', '1.50'].map((text) => baseUnitsOf(text, 1))).toEqual([
      ...['15', '5', '20', '0', '15'],
    ]);
    expect(['', '-1', '1e3', '1,5', '1.55', 'x', '1.2.3'].map((text) => baseUnitsOf(text, 1))).toEqual(
      Array.from({ length: 7 }, () => null),
    );
  });

  it('come back as they were typed', () => {
    for (const text of ['0.000000000000000001', '123456789.987654321', '42'])
      expect(exactAmount(baseUnitsOf(text, 18) ?? '', 18)).toBe(text);
  });

  it('have prices of base units as prices of whole ones', () => {
    expect(ratioText('5', '2', 0)).toBe('2.5');
    expect(ratioText('5', '2', -12)).toBe('0.0000000000025');
    expect(ratioText('1', '0', 0)).toBeNull();
  });

  it('tell many noughts by how many they are', () => {
    expect(smallText('0.00000123456')).toBe('0.0₅1234');
    expect(smallText('0.0123')).toBe('0.0123');
    const words = numberWords('en');
    expect([words.compact('1234567'), words.compact('0.5'), words.price('0.00000123')]).toEqual([
      ...['1.23M', '0.5', '0.0₅123'],
    ]);
    expect(numberWords('de').price('0.00000123')).toBe('0,0₅123');
    expect(words.percent('12.3456')).toBe('+12.35%');
    expect(words.exact('1234567.000000000000000001')).toBe('1,234,567.000000000000000001');
  });

  it('are read by the point of the language, and no mark is guessed at', () => {
    const [english, german] = [numberWords('en'), numberWords('de')];
    expect(['1.5', '.5', '2.', '1000'].map(english.read)).toEqual(['1.5', '0.5', '2', '1000']);
    expect(['1,5', '1000', ',5'].map(german.read)).toEqual(['1.5', '1000', '0.5']);
    expect(['1.000', '1.5', '1.000,5'].map(german.read)).toEqual([null, null, null]);
    expect(['1,000', '1,5', '1e3', '-1', '', '.'].map(english.read)).toEqual(
      Array.from({ length: 6 }, () => null),
    );
    expect(german.read(german.write('1.25'))).toBe('1.25');
  });
});
