import type { NewEvent, Revision } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { Storing } from './storing.js';

const group = (size: number): readonly NewEvent[] => Array.from({ length: size }, () => ({}) as NewEvent);

describe('storing while the next is made ready', () => {
  it('does not wait for the group that it was given last, and stores one at a time, each after the one before', async () => {
    const expected: (Revision | null)[] = [];
    const answers: (() => void)[] = [];
    const storing = new Storing(null, (events, after) => {
      expected.push(after);
      return new Promise((resolve) => answers.push(() => resolve((after ?? -1n) + BigInt(events.length))));
    });
    await storing.add([group(3)]);
    const second = storing.add([group(2)]);
    await Promise.resolve();
    expect(expected).toEqual([null]);
    answers[0]?.();
    await second;
    expect(expected).toEqual([null, 2n]);
    answers[1]?.();
    expect(await storing.end()).toBe(4n);
  });

  it('stores nothing after a group that could not be stored, and says so', async () => {
    let asked = 0;
    const storing = new Storing(7n, () => {
      asked += 1;
      return Promise.reject(new Error('away'));
    });
    await storing.add([group(1)]);
    await expect(storing.add([group(1)])).rejects.toThrow('away');
    await expect(storing.end()).rejects.toThrow('away');
    expect(asked).toBe(1);
  });
});
