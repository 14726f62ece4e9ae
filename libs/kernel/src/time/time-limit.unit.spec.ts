import { describe, expect, it } from '@jest/globals';
import { FakeTiming } from './fake-timing.fixture.js';
import { TimeLimitError, within } from './time-limit.js';

describe('a wait with a limit', () => {
  it('gives what came in time', async () => {
    await expect(within(10, 'x', Promise.resolve(1), new FakeTiming())).resolves.toBe(1);
    await expect(within(10, 'x', Promise.reject(new Error('no')), new FakeTiming())).rejects.toThrow('no');
  });

  it('ends after its time, and lets go of what fails later', async () => {
    const timing = new FakeTiming();
    const work = Promise.withResolvers<void>();
    const limited = within(10, 'connecting', work.promise, timing);
    const rejected = expect(limited).rejects.toThrow(new TimeLimitError('connecting took longer than 10 ms'));
    await timing.advance(10);
    await rejected;
    work.reject(new Error('nobody hears of this'));
    await timing.advance(0);
  });

  it('tells its time in whole milliseconds', async () => {
    const timing = new FakeTiming();
    const limited = within(10_000 / 3, 'connecting', new Promise<void>(() => undefined), timing);
    const rejected = expect(limited).rejects.toThrow('connecting took longer than 3333 ms');
    await timing.advance(3334);
    await rejected;
  });
});
