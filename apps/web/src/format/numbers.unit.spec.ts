import { describe, expect, it } from '@jest/globals';
import { bytes, duration, rate, shortId, words } from './numbers.js';

describe('numbers for people', () => {
  it('tells a length of time in its two largest units', () => {
    expect([0, 0.04, 0.31, 1, 59, 60, 61, 3_599, 3_600, 90_061, Infinity].map(duration)).toEqual([
      ...['0 s', '0.1 s', '0.3 s', '1 s', '59 s', '1 m 00 s', '1 m 01 s', '59 m 59 s', '1 h 00 m'],
      ...['1 d 01 h', '—'],
    ]);
  });

  it('tells a rate as exactly as it is worth', () => {
    expect([0, 0.44, 9.96, 10, 15_200].map(rate)).toEqual(['0', '0.4', '10.0', '10', '15.2K']);
  });

  it('tells memory in the unit that leaves a few digits', () => {
    expect([0, 1_023, 1_024, 223_346_688, 1_503_238_554].map(bytes)).toEqual([
      ...['0 B', '1023 B', '1.0 KiB', '213 MiB', '1.4 GiB'],
    ]);
  });

  it('shortens ids in the middle, and writes names of the log as words', () => {
    expect(shortId('0x1234567890abcdef')).toBe('0x123456…cdef');
    expect(shortId('short')).toBe('short');
    expect(['REBUILD_PROJECTION', 'TokenCreated', 'Sync'].map(words)).toEqual([
      ...['Rebuild projection', 'Token created', 'Sync'],
    ]);
  });
});
