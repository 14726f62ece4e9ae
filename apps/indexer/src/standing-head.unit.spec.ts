import { describe, expect, it } from '@jest/globals';
import { headStands } from './standing-head.js';

describe('a chain whose providers answer and bring no block (ponder#2264)', () => {
  it.each([
    [12_000, 240_000],
    [2_000, 60_000],
    [250, 60_000],
  ])('with a block each %i ms stands after %i ms without one', (blockTimeMs, standsMs) => {
    expect(headStands(standsMs, blockTimeMs)).toBe(false);
    expect(headStands(standsMs + 1, blockTimeMs)).toBe(true);
  });

  it('may be quiet where nobody told how often it has one, nor could learn it, or none was heard of yet', () => {
    expect(headStands(3_600_000, null)).toBe(false);
    expect(headStands(null, 2_000)).toBe(false);
  });
});
