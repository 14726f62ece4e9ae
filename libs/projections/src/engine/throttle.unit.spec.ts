import { describe, expect, it } from '@jest/globals';
import { Throttle } from './throttle.js';

describe('what holds a build back', () => {
  it('waits for what is too fast, also for what it waited too short for', () => {
    const throttle = new Throttle(1_000, 0);
    expect(throttle.pauseAfter(500, 0)).toBe(500);
    expect(throttle.pauseAfter(500, 400)).toBe(600);
    expect(throttle.pauseAfter(0, 1_000)).toBe(0);
  });

  it('lets nobody be faster later for having been slower before', () => {
    const throttle = new Throttle(1_000, 0);
    expect(throttle.pauseAfter(100, 5_000)).toBe(0);
    expect(throttle.pauseAfter(1_000, 5_000)).toBe(1_000);
  });
});
