import { describe, expect, it } from '@jest/globals';
import { fairShare } from './fair-share.js';

describe('a fair share', () => {
  it('is without a bound where all have no more than the total', () => {
    expect(fairShare([], 0)).toBe(Infinity);
    expect(fairShare([3, 4, 5], 12)).toBe(Infinity);
  });

  it('leaves to who has little what it has, and gives the others the same', () => {
    expect(fairShare([100, 1, 100, 3], 104)).toBe(50);
    expect(fairShare([10], 4)).toBe(4);
  });
});
