import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RpcTooOftenError } from './errors.js';
import { budgetOf, RequestBudget } from './request-budget.js';

interface Sent {
  readonly at: number;
  readonly requests: number;
}

/** What is sent of requests that come so long after each other, and how many of them are refused. */
async function send(
  perSecond: number,
  coming: readonly (readonly [afterMs: number, requests: number])[],
): Promise<{ readonly sent: readonly Sent[]; readonly refused: number; readonly waitedMs: number }> {
  let [now, refused] = [0, 0];
  const pauses: number[] = [];
  const pause = (ms: number): Promise<void> => {
    pauses.push(ms);
    return Promise.resolve();
  };
  const budget = new RequestBudget(perSecond, { now: () => now, pause });
  const sent: Sent[] = [];
  for (const [afterMs, requests] of coming) {
    now += afterMs;
    try {
      await budget.take(requests);
      sent.push({ at: now + (pauses.pop() ?? 0), requests });
    } catch (error) {
      if (!(error instanceof RpcTooOftenError)) throw error;
      refused += 1;
    }
  }
  return { sent, refused, waitedMs: budget.waitedMs };
}

describe('the budget of requests to a provider', () => {
  it('lets no more than so many be sent in any second, in the order in which they come', async () => {
    const coming = (perSecond: number) =>
      fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: perSecond })), { maxLength: 60 });
    const cases = fc
      .integer({ min: 1, max: 20 })
      .chain((perSecond) => fc.tuple(fc.constant(perSecond), coming(perSecond)));
    await fc.assert(
      fc.asyncProperty(cases, async ([perSecond, all]) => {
        const { sent } = await send(perSecond, all);
        for (const [index, { at }] of sent.entries()) {
          const inTheSecond = sent.filter((other) => other.at > at - 1_000 && other.at <= at);
          expect(inTheSecond.reduce((sum, { requests }) => sum + requests, 0)).toBeLessThanOrEqual(perSecond);
          expect(at).toBeGreaterThanOrEqual(sent[index - 1]?.at ?? 0);
        }
      }),
    );
  });

  it('holds back nobody as long as it is kept', async () => {
    const { sent, waitedMs } = await send(3, [
      [0, 1],
      [0, 2],
      [1_000, 3],
      [1_500, 3],
    ]);
    expect(sent.map(({ at }) => at)).toEqual([0, 0, 1_000, 2_500]);
    expect(waitedMs).toBe(0);
  });

  it('tells how long it was waited for', async () => {
    const { sent, waitedMs } = await send(2, [
      [0, 2],
      [100, 2],
    ]);
    expect([sent.at(-1)?.at, waitedMs]).toEqual([1_000, 900]);
  });

  it('refuses at once who would wait for longer than ten seconds, and keeps no place for it', async () => {
    const all = Array.from({ length: 20 }, () => [0, 1] as const);
    const { sent, refused } = await send(1, all);
    expect([sent.length, refused]).toEqual([11, 9]);
    expect((await send(1, [...all, [11_000, 1]])).sent.at(-1)).toEqual({ at: 11_000, requests: 1 });
  });

  it('is one for all that asks a provider in this process, and none without a limit', () => {
    expect(budgetOf('http://one', 5)).toBe(budgetOf('http://one', 5));
    expect(budgetOf('http://one', 5)).not.toBe(budgetOf('http://two', 5));
    expect(budgetOf('http://one', undefined)).toBeNull();
  });
});
