import { describe, expect, it } from '@jest/globals';
import { pollIntervalOf } from './poll-interval.js';

describe('how often a chain is looked at whose heads nobody pushes', () => {
  it.each([
    ['twice a second where the time of its blocks is not known', undefined, 500],
    ['and where they come more seldom', 12_000, 500],
    ['as often as they come within that', 200, 200],
    ['twenty times a second at most', 10, 50],
  ])('is %s', (_, blockTimeMs, interval) => {
    expect(pollIntervalOf(blockTimeMs === undefined ? {} : { blockTimeMs })).toBe(interval);
  });
});
