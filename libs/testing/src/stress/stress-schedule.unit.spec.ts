import { describe, expect, it } from '@jest/globals';
import { drawSchedule } from './stress-schedule.js';

describe('the schedule of a stress run', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('has every kind of fault in the shortest run (seed %i)', (seed) => {
    const schedule = drawSchedule({ seed, durationMs: 12_000, appenders: 3, subscribers: 4 });
    expect(new Set(schedule.map(({ kind }) => kind)).size).toBe(6);
    expect(schedule).toEqual(schedule.toSorted((a, b) => a.atMs - b.atMs));
    expect(schedule.at(-1)?.atMs).toBeLessThan(12_000);
  });
});
