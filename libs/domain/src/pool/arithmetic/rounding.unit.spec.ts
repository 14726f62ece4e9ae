import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOfBits } from './amounts.fixture.js';
import { divideUp, smaller, squareRoot } from './rounding.js';

it('the square root is the largest number whose square is not above', () => {
  fc.assert(
    fc.property(amountOfBits(256), (value) => {
      const root = squareRoot(value);
      expect(root * root <= value && value < (root + 1n) * (root + 1n)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it('the square root is exact on squares and one less just below them', () => {
  fc.assert(
    fc.property(amountOfBits(128), (root) => {
      expect(squareRoot(root * root)).toBe(root);
      expect(squareRoot(root * root - 1n)).toBe(root - 1n);
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  [0n, 0n],
  [1n, 1n],
  [2n, 1n],
  [3n, 1n],
  [4n, 2n],
  [2n ** 256n - 1n, 2n ** 128n - 1n],
])('the square root of %d is %d', (value, root) => {
  expect(squareRoot(value)).toBe(root);
});

it('a division rounds up only where it leaves a rest', () => {
  expect(divideUp(0n, 3n)).toBe(0n);
  expect(divideUp(1n, 3n)).toBe(1n);
  expect(divideUp(3n, 3n)).toBe(1n);
  expect(divideUp(4n, 3n)).toBe(2n);
});

it('the smaller of two is either where they are equal', () => {
  expect([smaller(1n, 2n), smaller(2n, 1n), smaller(2n, 2n)]).toEqual([1n, 1n, 2n]);
});
