import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeFees, type Wait } from './fee-rule.js';
import { type Fees, leastFor, newFees, type Price } from './price.js';

const CAP = 10n ** 12n;
const fees = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint): Fees => ({
  maxFeePerGas,
  maxPriorityFeePerGas,
});
/** As a provider advises it. */
const priceOf = (baseFee: bigint, tip: bigint): Price => ({
  blockNumber: 1,
  baseFee,
  fees: fees(baseFee * 2n + tip, tip),
});
const waited = (change: Partial<Wait> = {}): Wait => ({
  ...{ ms: 15_000, blocks: 1, foremost: true, refused: false },
  ...change,
});
const LONG = { ms: 60_000, blocks: 10 };

describe('a transaction that waits', () => {
  const own = fees(2_001n, 1n);

  it('stands while it offers what the chain asks, with an eighth to spare', () => {
    for (const wait of [waited(), waited({ ms: 600_000, blocks: 9 }), waited({ ...LONG, foremost: false })])
      expect(judgeFees(own, priceOf(1_777n, 1n), wait, CAP)).toEqual({ outcome: 'STANDS' });
  });

  it('is raised to the present price where the base fee has outgrown it, not at once', () => {
    const price = priceOf(50_000n, 3n);
    expect(judgeFees(own, price, waited({ ms: 11_999 }), CAP)).toEqual({ outcome: 'STANDS' });
    for (const foremost of [true, false]) {
      expect(judgeFees(own, price, waited({ foremost }), CAP)).toEqual({
        outcome: 'RAISED',
        fees: fees(100_003n, 3n),
      });
    }
  });

  it('is raised by an eighth where it is passed over though it offers enough', () => {
    expect(judgeFees(own, priceOf(1_000n, 1n), waited(LONG), CAP)).toEqual({
      outcome: 'RAISED',
      fees: fees(2_252n, 2n),
    });
    for (const less of [{ ms: 59_999 }, { blocks: 9 }])
      expect(judgeFees(own, priceOf(1_000n, 1n), waited({ ...LONG, ...less }), CAP)).toEqual({
        outcome: 'STANDS',
      });
  });

  it('is raised at once where the node refused it for its fees', () => {
    const wait = waited({ ms: 0, blocks: 0, foremost: false, refused: true });
    expect(judgeFees(own, priceOf(1_000n, 1n), wait, CAP)).toMatchObject({ outcome: 'RAISED' });
  });

  it('is held back by the cap, which says by how much, and goes up to it where that helps', () => {
    const price = priceOf(50_000n, 1n);
    expect(judgeFees(own, price, waited(), 56_251n)).toEqual({
      ...{ outcome: 'CAPPED', least: 56_252n, cap: 56_251n },
    });
    expect(judgeFees(own, price, waited(), 56_252n)).toEqual({ outcome: 'RAISED', fees: fees(56_252n, 2n) });
  });

  it('offers no more than five times what is advised where the base fee does not ask for it', () => {
    const price = priceOf(1_000n, 1n);
    expect(judgeFees(fees(9_000n, 5n), price, waited(LONG), CAP)).toEqual({
      ...{ outcome: 'CAPPED', least: 10_125n, cap: 10_005n },
    });
  });

  it('always offers a tenth more of both fees, what is asked, and never more than the cap', () => {
    const wei = fc.bigInt({ min: 0n, max: 10n ** 13n });
    fc.assert(
      fc.property(wei, wei, wei, wei, fc.boolean(), (base, tip, ownBase, ownTip, refused) => {
        const [price, before] = [priceOf(base, tip), fees(ownBase + ownTip, ownTip)];
        const judged = judgeFees(before, price, waited({ ...LONG, refused }), CAP);
        if (judged.outcome !== 'RAISED') return;
        const { maxFeePerGas, maxPriorityFeePerGas } = judged.fees;
        expect(maxFeePerGas > before.maxFeePerGas && maxPriorityFeePerGas > before.maxPriorityFeePerGas).toBe(
          true,
        );
        expect(maxFeePerGas * 10n >= before.maxFeePerGas * 11n).toBe(true);
        expect(maxPriorityFeePerGas * 10n >= before.maxPriorityFeePerGas * 11n).toBe(true);
        expect(maxFeePerGas >= leastFor(price, maxPriorityFeePerGas)).toBe(true);
        expect(maxFeePerGas <= CAP && maxPriorityFeePerGas <= maxFeePerGas).toBe(true);
      }),
    );
  });
});

describe('a new transaction', () => {
  it('offers what the provider advises, or up to the cap where that is enough, or is not signed', () => {
    expect(newFees(priceOf(1_000n, 1n), 2_001n)).toEqual(fees(2_001n, 1n));
    expect(newFees(priceOf(1_000n, 1n), 1_126n)).toEqual(fees(1_126n, 1n));
    expect(() => newFees(priceOf(1_000n, 1n), 1_125n)).toThrow(
      expect.objectContaining({ code: 'RELAYER_FEE_CAPPED', details: { least: '1126', cap: '1125' } }),
    );
  });
});
