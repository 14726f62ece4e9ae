import { eventually } from '@abland/testing/eventually';
import { expect, it } from '@jest/globals';
import type { Counted, RateCounter } from '../src/rate-limits/rate-limit.js';

const HOUR = 3_600;

/** What every way of counting does. @param fresh a counter that has counted nothing */
export function rateCounterLaws(fresh: () => RateCounter | Promise<RateCounter>): void {
  it('allows so many to each key, tells how many are left, and counts what it refuses', async () => {
    const counter = await fresh();
    const take = (key: string, amount = 1): Promise<Counted> =>
      counter.take('general', { count: 3, seconds: HOUR }, key, amount);
    expect(await take('a')).toMatchObject({ isAllowed: true, remaining: 2 });
    expect(await take('a', 2)).toMatchObject({ isAllowed: true, remaining: 0 });
    const refused = await take('a');
    expect(refused).toMatchObject({ isAllowed: false, remaining: 0 });
    expect(refused.resetSeconds).toBeGreaterThan(HOUR / 2);
    expect(refused.resetSeconds).toBeLessThanOrEqual(HOUR);
    expect((await take('b')).isAllowed).toBe(true);
  });

  it('allows no more than the limit to all who come at once', async () => {
    const counter = await fresh();
    const limit = { count: 20, seconds: HOUR };
    const counted = await Promise.all(
      Array.from({ length: 100 }, () => counter.take('trading', limit, 'a', 1)),
    );
    expect(counted.filter(({ isAllowed }) => isAllowed)).toHaveLength(20);
  });

  it('keeps scopes and limits apart', async () => {
    const counter = await fresh();
    const one = { count: 1, seconds: HOUR };
    for (const scope of ['general', 'trading'])
      expect((await counter.take(scope, one, 'a', 1)).isAllowed).toBe(true);
    expect((await counter.take('trading', { ...one, count: 2 }, 'a', 1)).isAllowed).toBe(true);
    expect((await counter.take('trading', one, 'a', 1)).isAllowed).toBe(false);
  });

  it('begins anew after its time', async () => {
    const counter = await fresh();
    const take = (): Promise<Counted> => counter.take('general', { count: 1, seconds: 1 }, 'a', 1);
    await take();
    await eventually(async () => expect((await take()).isAllowed).toBe(true));
  });
}
