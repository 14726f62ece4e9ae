import { describe, expect, it } from '@jest/globals';
import { CatchUpPace } from './catch-up-pace.js';

describe('the pace of catching up', () => {
  it('is that of the last minute, and tells the time left at it', () => {
    const pace = new CatchUpPace(0);
    for (let second = 1; second <= 600; second += 1) pace.mark(second * 1_000, second * 100);
    for (let second = 601; second <= 720; second += 1)
      pace.mark(second * 1_000, 60_000 + (second - 600) * 10);
    expect(pace.pace(720_000, 61_200, 500)).toEqual({ blocksPerSecond: 10, secondsLeft: 50 });
  });

  it('sets a mark every ten seconds', () => {
    const pace = new CatchUpPace(0);
    const marked = [1_000, 9_999, 10_000, 11_000, 20_000].map((at) => pace.mark(at, at));
    expect(marked).toEqual([false, false, true, false, true]);
  });

  it('knows no time left where nothing moves or the head is not known, and none is left at the head', () => {
    const pace = new CatchUpPace(0);
    expect(pace.pace(5_000, 0, 100)).toEqual({ blocksPerSecond: 0, secondsLeft: null });
    expect(pace.pace(5_000, 50, null)).toEqual({ blocksPerSecond: 10, secondsLeft: null });
    expect(pace.pace(5_000, 0, 0).secondsLeft).toBe(0);
  });
});
