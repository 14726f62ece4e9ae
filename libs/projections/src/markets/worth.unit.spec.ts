import { SeededRandom } from '@abland/testing/seeded-random';
import { testSeed } from '@abland/testing/test-seed';
import { describe, expect, it } from '@jest/globals';
import { WORTH_MAX, worthOf } from './worth.js';

/** As it is defined: scaled up first, cut once. */
function defined(units: bigint, own: bigint, other: bigint, decimals: number): bigint {
  const worth = (units * other * 10n ** 18n) / (own * 10n ** BigInt(decimals));
  return worth < WORTH_MAX ? worth : WORTH_MAX;
}

describe('what an amount is worth', () => {
  it('is cut once, whatever the decimals of the quote token are', () => {
    const random = new SeededRandom(testSeed());
    const amount = (): bigint => BigInt(random.hash()) >> BigInt(random.below(240));
    for (const decimals of [0, 1, 6, 17, 18, 19, 24, 255]) {
      for (let round = 0; round < 50; round += 1) {
        const [units, own, other] = [amount(), amount() + 1n, amount()];
        expect(worthOf(units, { own, other, decimals })).toBe(defined(units, own, other, decimals));
      }
    }
  });

  it('is nothing where nothing tells', () => {
    expect(worthOf(1n, { own: 0n, other: 1n, decimals: 18 })).toBe(0n);
    expect(worthOf(1n, { own: 1n, other: 1n, decimals: null })).toBe(0n);
    expect(worthOf(1n, { own: 1n, other: 0n, decimals: 18 })).toBe(0n);
  });
});
