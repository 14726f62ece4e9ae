import { describe, expect, it } from '@jest/globals';
import { nextBlockTime } from './chain-time.js';

describe('next block time', () => {
  it('is the clock after a pause', () => {
    expect(nextBlockTime(1000, 900)).toBe(1000);
  });
  it('grows by a second a block in a burst, and when the clock goes back', () => {
    expect(nextBlockTime(1000, 1000)).toBe(1001);
    expect(nextBlockTime(990, 1000)).toBe(1001);
  });
  it('runs at most a minute ahead of the clock; then blocks share a second', () => {
    expect(nextBlockTime(1000, 1059)).toBe(1060);
    expect(nextBlockTime(1000, 1060)).toBe(1060);
    expect(nextBlockTime(1001, 1060)).toBe(1061);
  });
  it('never goes back', () => {
    expect(nextBlockTime(1000, 5000)).toBe(5000);
  });
});
