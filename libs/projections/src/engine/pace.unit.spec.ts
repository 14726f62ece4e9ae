import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';

describe('the pace of a build', () => {
  it('waits for what is too fast, also for what it waited too short for', () => {
    const pace = new Pace(1_000, 0);
    expect(pace.pauseAfter(500, 0)).toBe(500);
    expect(pace.pauseAfter(500, 400)).toBe(600);
    expect(pace.pauseAfter(0, 1_000)).toBe(0);
  });

  it('lets nobody be faster later for having been slower before', () => {
    const pace = new Pace(1_000, 0);
    expect(pace.pauseAfter(100, 5_000)).toBe(0);
    expect(pace.pauseAfter(1_000, 5_000)).toBe(1_000);
  });
});
