import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { oneAhead } from './one-ahead.js';

describe('what is read one ahead', () => {
  it('comes in order, the next being read while one is worked on, and no more than that', async () => {
    let read = 0;
    async function* numbers(): AsyncGenerator<number> {
      for (; read < 5;) yield (read += 1);
    }
    const taken: number[] = [];
    for await (const number of oneAhead(numbers, new AbortController().signal)) {
      await sleep(1);
      expect(read).toBe(Math.min(5, number + 1));
      taken.push(number);
    }
    expect(taken).toEqual([1, 2, 3, 4, 5]);
  });

  it('is let go of at once where the work fails, though the stream waits for more', async () => {
    let ended = false;
    async function* waiting(signal: AbortSignal): AsyncGenerator<number> {
      try {
        yield 1;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      } finally {
        ended = true;
      }
    }
    const work = async (): Promise<void> => {
      for await (const _ of oneAhead(waiting, new AbortController().signal)) throw new Error('no more');
    };
    await expect(work()).rejects.toThrow('no more');
    expect(ended).toBe(true);
  });

  it('tells what reading failed of only after what was read before', async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error('away');
    }
    const taken: number[] = [];
    const work = async (): Promise<void> => {
      for await (const number of oneAhead(failing, new AbortController().signal)) {
        await sleep(1);
        taken.push(number);
      }
    };
    await expect(work()).rejects.toThrow('away');
    expect(taken).toEqual([1]);
  });
});
