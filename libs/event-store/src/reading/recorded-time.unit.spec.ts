import { describe, expect, it } from '@jest/globals';
import { recordedTime } from './recorded-time.js';

describe('recordedTime', () => {
  it.each([0, 1, 999, 1_000, -1, -1_000, Date.UTC(2026, 10, 22, 23, 59, 59, 7), Date.UTC(2000, 1, 29), 1e15])(
    'of %d ms is what a Date says',
    (ms) => {
      expect(recordedTime(ms)).toBe(new Date(ms).toISOString());
      expect(recordedTime(ms)).toBe(new Date(ms).toISOString());
    },
  );

  it('leaves out what is less than a millisecond', () => {
    expect(recordedTime(1_999.75)).toBe('1970-01-01T00:00:01.999Z');
  });
});
