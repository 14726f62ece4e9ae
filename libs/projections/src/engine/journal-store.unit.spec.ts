import { describe, expect, it } from '@jest/globals';
import { type Build } from './build.js';
import { amount, int8 } from './columns.js';
import { writeJournal } from './journal-store.js';
import { createRun } from './projection-run.js';
import type { Session } from './session.js';
import { defineTable } from './table.js';

const table = defineTable({
  name: 'sums',
  origin: 'chain',
  columns: { id: int8, sum: amount },
  key: ['id'],
  indexes: [],
});
const event = {
  position: 1n,
  recordedAt: '2026-01-01T00:00:00.000Z',
  metadata: { correlationId: 'test', causationId: null, actor: 'test' },
};

describe('the journal of a batch', () => {
  it('is written in statements of a bounded size, every entry once', () => {
    const build = { id: 1, schema: 'build_1', position: null, finalized: {} } as unknown as Build;
    const run = createRun({ name: 'sums', version: 1, tables: [table], handlers: {} }, build);
    const changes = Array.from({ length: 50_001 }, (_, id) => ({ table, key: { id }, before: null }));
    run.journal.record(event, null, changes);
    const keys: (readonly string[])[] = [];
    const session = {
      query: ({ values }: { values: readonly (readonly string[])[] }) => {
        keys.push(values[1] ?? []);
        return Promise.resolve({ rows: [] });
      },
    } as unknown as Session;
    writeJournal(session, run, 0);
    expect(keys.map(({ length }) => length)).toEqual([20_000, 20_000, 10_001]);
    expect(new Set(keys.flat()).size).toBe(50_001);
  });
});
