import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOfBits } from './amounts.fixture.js';
import { type Trade, tradingProfit } from './trading-profit.js';

const buy = (amount: bigint, quote: bigint): Trade => ({ kind: 'BUY', amount, quote });
const sell = (amount: bigint, quote: bigint): Trade => ({ kind: 'SELL', amount, quote });

const tradesOf = (amount: fc.Arbitrary<bigint>): fc.Arbitrary<Trade[]> =>
  fc.array(fc.record({ kind: fc.constantFrom('BUY', 'SELL'), amount, quote: amount }), { maxLength: 12 });

/** Goes through the tokens one by one: the first that was bought is the first that is sold. */
function oneByOne(trades: readonly Trade[]): { matched: bigint; cost: number; open: bigint } {
  const queue: number[] = [];
  const found = { matched: 0n, cost: 0, open: 0n };
  for (const { amount, kind, quote } of trades) {
    for (let token = 0n; token < amount; token += 1n) {
      if (kind === 'BUY') queue.push(Number(quote) / Number(amount));
      else {
        const cost = queue.shift();
        if (cost === undefined) continue;
        found.cost += cost;
        found.matched += 1n;
      }
    }
  }
  return { ...found, open: BigInt(queue.length) };
}

describe('profit by first in, first out', () => {
  it('counts what was bought first as sold first', () => {
    // Ten for 100, ten for 300; twelve of them sold for 480: 100 for the first ten, 60 for two of the others.
    expect(tradingProfit([buy(10n, 100n), buy(10n, 300n), sell(12n, 480n)])).toEqual({
      ...{ bought: 20n, paid: 400n, sold: 12n, received: 480n },
      matched: { amount: 12n, cost: 160n, received: 480n },
      realized: 320n,
      open: { amount: 8n, cost: 240n },
    });
  });

  it('is a loss where less came in than was paid', () => {
    expect(tradingProfit([buy(10n, 100n), sell(10n, 30n)]).realized).toBe(-70n);
  });

  it('counts nothing for what was sold without having been bought', () => {
    const given = tradingProfit([sell(5n, 50n), buy(10n, 100n), sell(20n, 400n), buy(1n, 7n)]);
    expect(given).toMatchObject({
      matched: { amount: 10n, cost: 100n, received: 200n },
      realized: 100n,
      open: { amount: 1n, cost: 7n },
    });
  });

  it('is nothing before the first trade, and of trades of nothing', () => {
    const nothing = tradingProfit([]);
    expect(nothing).toMatchObject({ realized: 0n, open: { amount: 0n, cost: 0n } });
    expect(tradingProfit([sell(0n, 0n), buy(0n, 0n), sell(0n, 0n)])).toEqual(nothing);
  });

  it('agrees with going through the tokens one by one, but for what is cut', () => {
    fc.assert(
      fc.property(tradesOf(fc.bigInt({ min: 1n, max: 40n })), (trades) => {
        const naive = oneByOne(trades);
        const { matched, open } = tradingProfit(trades);
        expect([matched.amount, open.amount]).toEqual([naive.matched, naive.open]);
        // Each sale cuts less than one off the purchase that it takes in part.
        expect(Math.abs(Number(matched.cost) - naive.cost)).toBeLessThan(trades.length + 1);
      }),
    );
  });

  it('loses nothing of what was paid, and never says that more was received than was', () => {
    fc.assert(
      fc.property(tradesOf(amountOfBits(128)), (trades) => {
        const { bought, matched, open, paid, received, sold } = tradingProfit(trades);
        expect(matched.cost + open.cost).toBe(paid);
        expect(matched.amount + open.amount).toBe(bought);
        expect(matched.amount <= sold && matched.received <= received).toBe(true);
        expect(open.amount >= 0n && open.cost >= 0n).toBe(true);
      }),
    );
  });
});
