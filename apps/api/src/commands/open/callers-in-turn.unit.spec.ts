import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '@abland/kernel';
import type pg from 'pg';
import { CallersInTurn } from './callers-in-turn.js';

describe('the turn of a caller', () => {
  it('is given back also where it was given up while it was asked for: it may have been given', async () => {
    const asked: (readonly [string, string])[] = [];
    const pool = {
      query: async ({ name, values }: { name: string; values: string[] }) => {
        asked.push([name, values[1] ?? '']);
        if (name === 'take-turn') throw new Error('timeout');
        return { rowCount: 1 };
      },
    };
    const turns = new CallersInTurn(pool as unknown as pg.Pool, silentLogger);
    await expect(turns.run('grace', () => Promise.resolve())).rejects.toThrow('timeout');
    expect(asked.map(([name]) => name)).toEqual(['take-turn', 'give-turn-back']);
    expect(asked[1]?.[1]).toBe(asked[0]?.[1]);
  });
});
