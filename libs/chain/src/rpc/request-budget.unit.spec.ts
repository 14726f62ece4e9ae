import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { OverBudgetError } from './errors.js';
import { budgetOf, RequestBudget, type Urgency } from './request-budget.js';

interface Sent {
  /** In the order of coming. */
  readonly who: number;
  readonly at: number;
  readonly requests: number;
}

interface Coming extends Urgency {
  /** After whoever came before. */
  readonly afterMs: number;
  readonly requests: number;
}

describe('the budget of requests to a provider', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** What is sent of what comes, each until all of it is sent, and how many are refused. */
  async function send(budget: RequestBudget, coming: readonly Coming[]) {
    const begun = performance.now();
    const sent: Sent[] = [];
    let refused = 0;
    const ask = async (who: number, { requests, ...urgency }: Coming): Promise<void> => {
      for (let left = requests; left > 0;) {
        const granted = await budget.take(left, urgency);
        sent.push({ who, at: performance.now() - begun, requests: granted });
        left -= granted;
      }
    };
    const asking: Promise<void>[] = [];
    for (const [who, one] of coming.entries()) {
      await jest.advanceTimersByTimeAsync(one.afterMs);
      const asked = ask(who, one).catch((error: unknown) => {
        if (!(error instanceof OverBudgetError)) throw error;
        refused += 1;
      });
      asking.push(asked);
    }
    await jest.advanceTimersByTimeAsync(3_600_000);
    await Promise.all(asking);
    return { sent, refused };
  }

  it('lets no more than so many be sent in any second, in the order in which they come, and as soon as may be', async () => {
    const one = fc.record({ afterMs: fc.nat(400), requests: fc.integer({ min: 1, max: 30 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.array(one, { maxLength: 30 }),
        async (most, all) => {
          const { sent, refused } = await send(new RequestBudget(most), all);
          for (const [index, { at }] of sent.entries()) {
            const until = sent.slice(0, index + 1);
            const inTheSecond = until.filter((other) => other.at > at - 1_000);
            expect(inTheSecond.reduce((sum, { requests }) => sum + requests, 0)).toBeLessThanOrEqual(most);
          }
          const firsts = sent.filter(
            ({ who }, index) => sent.findIndex((other) => other.who === who) === index,
          );
          expect(firsts.map(({ who }) => who)).toEqual(
            firsts.map(({ who }) => who).toSorted((a, b) => a - b),
          );
          const total = sent.reduce((sum, { requests }) => sum + requests, 0);
          if (refused === 0) expect(total).toBe(all.reduce((sum, { requests }) => sum + requests, 0));
          // Nobody is left waiting while some more might be sent.
          const came = all.reduce((sum, { afterMs }) => sum + afterMs, 0);
          expect(sent.at(-1)?.at ?? 0).toBeLessThanOrEqual(came + Math.ceil(total / most) * 1_050 + 50);
        },
      ),
    );
  });

  it('holds back nobody as long as it is kept', async () => {
    const budget = new RequestBudget(3);
    const { sent } = await send(budget, [
      { afterMs: 0, requests: 1 },
      { afterMs: 0, requests: 2 },
      { afterMs: 1_000, requests: 3 },
      { afterMs: 1_500, requests: 3 },
    ]);
    expect(sent.map(({ at }) => at)).toEqual([0, 0, 1_000, 2_500]);
    expect(budget.waitedMs).toBe(0);
  });

  it('tells how long all together waited for it', async () => {
    const budget = new RequestBudget(2);
    await send(budget, [
      { afterMs: 0, requests: 2 },
      { afterMs: 100, requests: 1 },
      { afterMs: 100, requests: 1 },
    ]);
    expect(budget.waitedMs).toBe(900 + 800);
  });

  it('refuses at once who would wait for longer than ten seconds, and keeps no place for it', async () => {
    const all = Array.from({ length: 20 }, () => ({ afterMs: 0, requests: 1 }));
    const { sent, refused } = await send(new RequestBudget(1), all);
    expect([sent.length, refused]).toEqual([11, 9]);
    const later = await send(new RequestBudget(1), [...all, { afterMs: 11_000, requests: 1 }]);
    expect(later.sent.at(-1)).toMatchObject({ at: 11_000, requests: 1 });
  });

  it('lets what is urgent go before all that waits, however much that is, and what waits use what is left', async () => {
    const all = Array.from({ length: 20 }, () => ({ afterMs: 0, requests: 2 }));
    const { sent } = await send(new RequestBudget(2), [
      ...all,
      { afterMs: 100, requests: 1, isUrgent: true },
    ]);
    expect(sent.filter(({ at }) => at <= 1_000)).toEqual([
      { who: 0, at: 0, requests: 2 },
      { who: 20, at: 1_000, requests: 1 },
      { who: 1, at: 1_000, requests: 1 },
    ]);
  });

  it('is one for all that asks a provider in this process, and none without a limit', () => {
    expect(budgetOf('http://one', 5)).toBe(budgetOf('http://one', 5));
    expect(budgetOf('http://one', 5)).not.toBe(budgetOf('http://two', 5));
    expect(budgetOf('http://one', undefined)).toBeNull();
  });
});
