import { describe, expect, it } from '@jest/globals';
import { isTooEarly, nextAttemptAt } from './retry-pause.js';

const FAR = Number.MAX_SAFE_INTEGER;

describe('the next attempt', () => {
  it('comes after pauses that double up to a minute', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 30].map((attempt) => nextAttemptAt(0, attempt, FAR));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('comes no later than just after the deadline, where it is given up', () => {
    expect(nextAttemptAt(10_000, 5, 12_000)).toBe(12_001);
  });

  it('never lies in the past', () => {
    expect(nextAttemptAt(10_000, 1, 5_000)).toBe(10_000);
  });
});

describe('an attempt', () => {
  it('waits for its time, but not for one that a clock told which was ahead of this one', () => {
    const hour = 3_600_000;
    expect([0, 1, 60_000, 60_001, hour].map((ahead) => isTooEarly(hour, hour + ahead))).toEqual([
      ...[false, true, true, false, false],
    ]);
  });
});
