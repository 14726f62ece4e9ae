import { describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { type SlowStatement, tellingSlow } from './slow-statements.js';

function asking() {
  let now = 0;
  const told: SlowStatement[] = [];
  /** Takes as many milliseconds as its first value says. */
  const query = (...args: unknown[]): unknown => {
    const [statement, given] = args;
    const values = (given ?? (statement as { values?: unknown[] }).values) as number[];
    now += values[0] ?? 0;
    const done = args.at(-1);
    if (typeof done === 'function')
      return void (done as (error: null, result: string) => void)(null, 'found');
    return values[1] === 1 ? Promise.reject(new Error('away')) : Promise.resolve('found');
  };
  const client = { query } as unknown as pg.ClientBase;
  const ask = tellingSlow(
    client,
    1_000,
    (one) => told.push(one),
    () => now,
  ) as unknown as (...args: unknown[]) => unknown;
  return { ask, told };
}

describe('a statement that takes long', () => {
  it('is told with its text and time, and without its values', async () => {
    const { ask, told } = asking();
    expect(await ask('SELECT\n   $1', [1_001])).toBe('found');
    expect(await ask('SELECT 1', [1_000])).toBe('found');
    await ask({ name: 'abland-1', text: 'SELECT named', values: [1_500] });
    expect(told).toEqual([
      { sql: 'SELECT $1', durationMs: 1_001, failed: false },
      { sql: 'SELECT named', durationMs: 1_500, failed: false },
    ]);
  });

  it('is told where it fails, and where it is asked with a callback', async () => {
    const { ask, told } = asking();
    await expect(ask('SELECT fails', [2_000, 1])).rejects.toThrow('away');
    const results: unknown[] = [];
    ask('SELECT back', [3_000], (_error: unknown, result: unknown) => results.push(result));
    expect(results).toEqual(['found']);
    expect(told).toEqual([
      { sql: 'SELECT fails', durationMs: 2_000, failed: true },
      { sql: 'SELECT back', durationMs: 3_000, failed: false },
    ]);
  });

  it('is told with as much of its text as says which it is', async () => {
    const { ask, told } = asking();
    await ask(`SELECT '${'x'.repeat(10_000)}'`, [2_000]);
    expect(told[0]?.sql).toHaveLength(2_000);
  });
});
