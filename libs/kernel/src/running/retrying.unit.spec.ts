import { describe, expect, it } from '@jest/globals';
import { EventStoreUnavailableError, LogMismatchError } from '../events/errors.js';
import { FakeTiming } from '../time/fake-timing.fixture.js';
import { type Retry, retrying } from './retrying.js';

describe('retrying a call', () => {
  /** Fails so often, then answers. */
  const failing = (times: number, error: unknown = new EventStoreUnavailableError('gone')) => {
    const call = (): Promise<string> => {
      call.calls += 1;
      return call.calls > times ? Promise.resolve('answer') : Promise.reject(error);
    };
    call.calls = 0;
    return call;
  };

  it('gives its answer after failures that pass, with growing pauses up to the longest', async () => {
    const timing = new FakeTiming();
    const call = failing(5);
    const retries: Retry[] = [];
    const answer = retrying(call, {
      timing,
      pauseMs: { min: 10, max: 50 },
      onRetry: (retry) => retries.push(retry),
    });
    await timing.advance(1_000);
    await expect(answer).resolves.toBe('answer');
    expect(timing.begun).toEqual([10, 20, 40, 50, 50]);
    expect(retries.map(({ attempts, pauseMs, failureClass }) => [attempts, pauseMs, failureClass])).toEqual([
      [1, 10, 'LATER'],
      [2, 20, 'LATER'],
      [3, 40, 'LATER'],
      [4, 50, 'LATER'],
      [5, 50, 'LATER'],
    ]);
  });

  it('cuts pauses by chance, so that many callers do not come back together', async () => {
    const timing = new FakeTiming();
    timing.random = () => 0.5;
    const answer = retrying(failing(2), { timing, pauseMs: { min: 100, max: 1_000 } });
    await timing.advance(1_000);
    await answer;
    expect(timing.begun).toEqual([75, 150]);
  });

  it('does not repeat what no repetition helps', async () => {
    const call = failing(1, new LogMismatchError('another log'));
    await expect(retrying(call)).rejects.toThrow('another log');
    expect(call.calls).toBe(1);
  });

  it('goes by the class that the caller puts a failure in', async () => {
    const timing = new FakeTiming();
    const answer = retrying(failing(1, new TypeError('odd')), { timing, classify: () => 'LATER' });
    await timing.advance(100);
    await expect(answer).resolves.toBe('answer');
  });

  it('gives up after as many calls as it may make', async () => {
    const timing = new FakeTiming();
    const call = failing(10);
    const answer = retrying(call, { timing, attemptsMax: 3 });
    const rejected = expect(answer).rejects.toThrow('gone');
    await timing.advance(10_000);
    await rejected;
    expect(call.calls).toBe(3);
  });

  it('begins no call after its time', async () => {
    const timing = new FakeTiming();
    const call = failing(10);
    const answer = retrying(call, { timing, totalMsMax: 100, pauseMs: { min: 40, max: 40 } });
    const rejected = expect(answer).rejects.toThrow('gone');
    await timing.advance(10_000);
    await rejected;
    expect(call.calls).toBe(3);
  });

  it('ends its pause at the abort, with the failure that it waited for', async () => {
    const timing = new FakeTiming();
    const abort = new AbortController();
    const call = failing(10);
    const answer = retrying(call, { timing, signal: abort.signal });
    const rejected = expect(answer).rejects.toThrow('gone');
    await timing.advance(0);
    abort.abort();
    await rejected;
    expect(call.calls).toBe(1);
  });
});
