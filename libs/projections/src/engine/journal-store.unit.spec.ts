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
  it('is written in statements of a bounded size, every entry once', async () => {
    const build = { id: 1, schema: 'build_1', position: null, finalized: {} } as unknown as Build;
    const run = createRun({ name: 'sums', version: 1, tables: [table], handlers: {} }, build);
    const changes = Array.from({ length: 2_501 }, (_, id) => ({ table, key: { id }, before: null }));
    run.journal.record(event, null, changes);
    const keys: string[][] = [];
    const session = {
      query: ({ values }: { values: readonly string[] }) => {
        keys.push(values[1]?.slice(1, -1).split(',') ?? []);
        return Promise.resolve({ rows: [] });
      },
    } as unknown as Session;
    await writeJournal(session, run, 0, () => undefined);
    expect(keys.map(({ length }) => length)).toEqual([1_000, 1_000, 501]);
    expect(new Set(keys.flat()).size).toBe(2_501);
    expect(run.journal.size).toBe(0);
  });
});
