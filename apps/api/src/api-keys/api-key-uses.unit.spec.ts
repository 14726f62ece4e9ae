import { silentLogger } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { ApiKeyUses } from './api-key-uses.js';

const MINUTE_MS = 60_000;

describe('the uses of keys', () => {
  it('are noted once in ten minutes, and again where the clock was set back since', () => {
    let now = Date.parse('2026-01-01T12:00:00Z');
    let noted = 0;
    const query = (sql: string): Promise<void> => {
      if (sql.startsWith('INSERT')) noted += 1;
      return Promise.resolve();
    };
    const uses = new ApiKeyUses({ query } as unknown as pg.Pool, () => now, silentLogger);
    for (const laterMs of [0, MINUTE_MS, 8 * MINUTE_MS, 2 * MINUTE_MS, -3_600_000]) {
      now += laterMs;
      uses.note('key');
    }
    expect(noted).toBe(3);
  });
});
