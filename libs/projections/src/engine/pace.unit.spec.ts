import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';

/** A pace of which so much was left at each whole second. */
function paceOf(lefts: readonly number[]): Pace {
  let now = 0;
  const pace = new Pace(() => now);
  for (const left of lefts) {
    pace.note(BigInt(left));
    now += 1_000;
  }
  return pace;
}

describe('the time that is left', () => {
  it('is what is left at the speed of the seconds before', () => {
    expect(paceOf([1_000, 900, 800, 700]).timeLeft(700n)).toEqual({ seconds: 7, within: 0 });
  });

  it('is as uncertain as the seconds before differed', () => {
    const even = paceOf([1_000, 900, 800, 700]).timeLeft(700n);
    const uneven = paceOf([1_000, 850, 800, 700]).timeLeft(700n);
    expect(uneven).toEqual({ seconds: 7, within: 3.5 });
    expect(even?.within).toBe(0);
  });

  it('counts what the log grows by meanwhile, and is not told where it grows as fast as it is read', () => {
    expect(paceOf([1_000, 950, 900, 850]).timeLeft(850n)?.seconds).toBe(17);
    expect(paceOf([1_000, 1_000, 1_000, 1_000]).timeLeft(1_000n)).toBeNull();
    expect(paceOf([1_000, 1_100, 1_200, 1_300]).timeLeft(1_300n)).toBeNull();
  });

  it('is not guessed of less than three seconds, and is none once nothing is left', () => {
    expect(paceOf([1_000, 900, 800]).timeLeft(800n)).toBeNull();
    expect(paceOf([]).timeLeft(0n)).toEqual({ seconds: 0, within: 0 });
  });

  it('forgets what lies longer back than half a minute', () => {
    const slow = Array.from({ length: 31 }, (_, second) => 100_000 - second);
    const fast = Array.from({ length: 30 }, (_, second) => 99_970 - 100 * (second + 1));
    expect(paceOf([...slow, ...fast]).timeLeft(96_970n)).toEqual({ seconds: 969.7, within: 0 });
  });

  it('is told of whole seconds, however often it is noted', () => {
    let now = 0;
    const pace = new Pace(() => now);
    for (let left = 4_000; left >= 400; left -= 10, now += 10) pace.note(BigInt(left));
    expect(pace.timeLeft(400n)).toEqual({ seconds: 0.4, within: 0 });
  });
});
