import { describe, expect, it } from '@jest/globals';
import { NewsAge } from './news-age.js';

describe('the age of what a log told last', () => {
  it('goes on by a clock of its own, whatever the time of day is set to, and begins anew with news', () => {
    let [timeOfDay, now] = [1_000_000, 0];
    const age = new NewsAge(400_000, () => timeOfDay, { now: () => now });
    expect(age.ms).toBe(600_000);
    timeOfDay += 86_400_000;
    now += 5;
    age.note(400_000);
    expect(age.ms).toBe(600_005);
    age.note(timeOfDay);
    now += 7;
    expect(age.ms).toBe(7);
  });

  it('is none where what was told lies ahead: a clock was wrong', () => {
    expect(new NewsAge(2_000, () => 1_000, { now: () => 0 }).ms).toBe(0);
  });
});
