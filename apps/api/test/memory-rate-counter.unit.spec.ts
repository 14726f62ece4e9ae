import { describe, expect, it } from '@jest/globals';
import { MemoryRateCounter } from '../src/rate-limits/memory-rate-counter.js';
import { rateCounterLaws } from './rate-counter-laws.js';

const HOUR = 3_600;

describe('a count of requests in memory', () => {
  rateCounterLaws(() => new MemoryRateCounter());

  it('counts all together who come after as many as it remembers, and those apart whom it knows', async () => {
    const counter = new MemoryRateCounter(2);
    const take = (key: string) => counter.take('general', { count: 2, seconds: HOUR }, key, 1);
    for (const key of ['a', 'b', 'c', 'd']) expect((await take(key)).isAllowed).toBe(true);
    expect((await take('e')).isAllowed).toBe(false);
    expect((await take('a')).isAllowed).toBe(true);
  });
});
