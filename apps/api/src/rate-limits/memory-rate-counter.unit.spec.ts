import { describe, expect, it } from '@jest/globals';
import { MemoryRateCounter } from './memory-rate-counter.js';

const HOUR = 3_600;

describe('a count of requests in memory', () => {
  it('allows so many to each key, tells how many are left, and counts what it refuses', async () => {
    const counter = new MemoryRateCounter();
    const take = (key: string, amount = 1) =>
      counter.take('general', { count: 3, seconds: HOUR }, key, amount);
    expect(await take('a')).toMatchObject({ isAllowed: true, remaining: 2 });
    expect(await take('a', 2)).toMatchObject({ isAllowed: true, remaining: 0 });
    const refused = await take('a');
    expect(refused).toMatchObject({ isAllowed: false, remaining: 0 });
    expect(refused.resetSeconds).toBeGreaterThan(HOUR / 2);
    expect(refused.resetSeconds).toBeLessThanOrEqual(HOUR);
    expect((await take('b')).isAllowed).toBe(true);
  });

  it('keeps scopes and limits apart', async () => {
    const counter = new MemoryRateCounter();
    const one = { count: 1, seconds: HOUR };
    for (const scope of ['general', 'trading'])
      expect((await counter.take(scope, one, 'a', 1)).isAllowed).toBe(true);
    expect((await counter.take('trading', { ...one, count: 2 }, 'a', 1)).isAllowed).toBe(true);
    expect((await counter.take('trading', one, 'a', 1)).isAllowed).toBe(false);
  });

  it('begins anew after its time', async () => {
    const counter = new MemoryRateCounter();
    const take = () => counter.take('general', { count: 1, seconds: 1 }, 'a', 1);
    await take();
    const deadline = Date.now() + 60_000;
    while (!(await take()).isAllowed && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(Date.now()).toBeLessThan(deadline);
  });

  it('counts all together who come after as many as it remembers, and those apart whom it knows', async () => {
    const counter = new MemoryRateCounter(2);
    const take = (key: string) => counter.take('general', { count: 2, seconds: HOUR }, key, 1);
    for (const key of ['a', 'b', 'c', 'd']) expect((await take(key)).isAllowed).toBe(true);
    expect((await take('e')).isAllowed).toBe(false);
    expect((await take('a')).isAllowed).toBe(true);
  });
});
