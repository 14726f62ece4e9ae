import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOfBits } from './amounts.fixture.js';
import { minimumAfterSlippage, minimumAmount } from './least-amount.js';

const refused = (code: string, field: string) => expect.objectContaining({ code, field });
const amount = (value: bigint) => ({ by: 'AMOUNT', amount: value }) as const;
const slippage = (basisPoints: number) => ({ by: 'SLIPPAGE', basisPoints }) as const;

it('a minimum is so many basis points below the amount, rounded down', () => {
  expect(minimumAfterSlippage(10_000n, 50)).toBe(9_950n);
  expect(minimumAfterSlippage(9_999n, 50)).toBe(9_949n);
  expect(minimumAfterSlippage(1n, 1)).toBe(0n);
  expect(minimumAfterSlippage(7n, 0)).toBe(7n);
});

it('a minimum is never above the amount nor a base unit too low', () => {
  fc.assert(
    fc.property(amountOfBits(256), fc.integer({ min: 0, max: 10_000 }), (value, basisPoints) => {
      const exact = value * BigInt(10_000 - basisPoints);
      const minimum = minimumAfterSlippage(value, basisPoints);
      return minimum * 10_000n <= exact && exact < (minimum + 1n) * 10_000n;
    }),
  );
});

it('a minimum comes from slippage within the bound', () => {
  expect(minimumAmount(slippage(100), 10_000n, 100, 'amountOutMin')).toBe(9_900n);
  expect(() => minimumAmount(slippage(101), 10_000n, 100, 'amountOutMin')).toThrow(
    refused('SLIPPAGE_OUT_OF_BOUNDS', 'slippageBps'),
  );
});

it('a minimum of the caller lies between the bound and the quote', () => {
  expect(minimumAmount(amount(10_000n), 10_000n, 100, 'amountOutMin')).toBe(10_000n);
  expect(minimumAmount(amount(9_900n), 10_000n, 100, 'amountOutMin')).toBe(9_900n);
  expect(() => minimumAmount(amount(10_001n), 10_000n, 100, 'amountOutMin')).toThrow(
    refused('SLIPPAGE_EXCEEDED', 'amountOutMin'),
  );
  expect(() => minimumAmount(amount(9_899n), 10_000n, 100, 'amountOutMin')).toThrow(
    refused('SLIPPAGE_OUT_OF_BOUNDS', 'amountOutMin'),
  );
});
