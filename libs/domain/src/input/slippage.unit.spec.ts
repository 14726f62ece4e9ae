import { expect, it } from '@jest/globals';
import { parseSlippage } from './slippage.js';

const refused = (code: string) => expect.objectContaining({ code, field: 'slippageBps' });

it.each([0, 1, 50, 5000])('slippage may be %d basis points', (value) => {
  expect(parseSlippage(value)).toBe(value);
});

it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('slippage may not be %d', (value) => {
  expect(() => parseSlippage(value)).toThrow(refused('INVALID_SLIPPAGE'));
});

it('slippage is within its bound', () => {
  expect(() => parseSlippage(5001)).toThrow(refused('SLIPPAGE_OUT_OF_BOUNDS'));
  expect(parseSlippage(100, 'slippageBps', 100)).toBe(100);
  expect(() => parseSlippage(101, 'slippageBps', 100)).toThrow(refused('SLIPPAGE_OUT_OF_BOUNDS'));
});
