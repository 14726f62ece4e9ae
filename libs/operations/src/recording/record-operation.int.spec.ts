import { operationStream, refusal } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { migrateLeases, openPool } from '@abland/postgres';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { recordOperation, recordWhenOver } from './record-operation.js';

const ACT = {
  operationId: '6f1b1c1e-0000-4000-8000-000000000001',
  kind: 'REBUILD_PROJECTION',
  subject: 'tokens',
  requestedBy: 'operator:grace',
  reason: 'Asked by letter',
} as const;
const AT = '2026-01-01T12:00:00.000Z';

describe('the record of an operator’s act', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'record', max: 2, logger: silentLogger });
    await migrateLeases(pool);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const setUp = () => {
    const log = new MemoryEventStore();
    const recorded = async () => {
      const events: { type: string; data: object; actor: string }[] = [];
      for await (const page of log.readStream(operationStream(ACT.operationId))) {
        for (const { type, data, metadata } of page) events.push({ type, data, actor: metadata.actor });
      }
      return events;
    };
    const record = (run: Parameters<typeof recordOperation<string>>[2], act: typeof ACT = ACT) =>
      recordOperation({ log, clock: () => Date.parse(AT), pool }, act, run);
    const recordLate = (run: Parameters<typeof recordWhenOver<string>>[2], act: typeof ACT = ACT) =>
      recordWhenOver({ log, clock: () => Date.parse(AT) }, act, run);
    return { recorded, record, recordLate };
  };

  it('tells who and why before it is done, and what came of it', async () => {
    const { recorded, record } = setUp();
    const figures = [{ name: 'rows', value: '7' }];
    const result = await record(async () => {
      expect(await recorded()).toHaveLength(1);
      return { result: 'done', figures };
    });
    expect(result).toBe('done');
    const { operationId } = ACT;
    expect(await recorded()).toEqual([
      { type: 'OperationRequested', data: { ...ACT, at: AT }, actor: 'operator:grace' },
      { type: 'OperationCompleted', data: { operationId, result: figures, at: AT }, actor: 'operator:grace' },
    ]);
  });

  it('tells nothing of what came of an act that is only under way', async () => {
    const { recorded, record } = setUp();
    await record(async () => ({ result: '', figures: null }));
    expect((await recorded()).map(({ type }) => type)).toEqual(['OperationRequested']);
  });

  it('tells that it failed, by a text of ours alone', async () => {
    const { recorded, record } = setUp();
    await expect(record(() => Promise.reject(new Error('password=hunter2')))).rejects.toThrow('hunter2');
    expect((await recorded()).at(-1)).toMatchObject({
      type: 'OperationFailed',
      data: { code: 'UNEXPECTED', reason: 'Error' },
    });
    const other = setUp();
    await expect(
      other.record(() => Promise.reject(refusal('UNKNOWN_USER', 'Nobody signed in with this address'))),
    ).rejects.toMatchObject({ code: 'UNKNOWN_USER' });
    expect((await other.recorded()).at(-1)).toMatchObject({
      data: { code: 'UNKNOWN_USER', reason: 'Nobody signed in with this address' },
    });
  });

  it('does nothing for a reason that does not do', async () => {
    const { recorded, record } = setUp();
    let ran = false;
    const run = async () => {
      ran = true;
      return { result: '', figures: [] };
    };
    await expect(record(run, { ...ACT, reason: 'no' } as never)).rejects.toMatchObject({
      code: 'INVALID_REASON',
    });
    expect(ran).toBe(false);
    expect(await recorded()).toEqual([]);
  });

  it('is made once it is over, whole, where nobody could tell that its program is gone', async () => {
    const { recorded, recordLate } = setUp();
    await recordLate(async () => {
      expect(await recorded()).toEqual([]);
      return { result: '', figures: [{ name: 'rows', value: '7' }] };
    });
    expect((await recorded()).map(({ type }) => type)).toEqual(['OperationRequested', 'OperationCompleted']);
    const failing = setUp();
    await expect(failing.recordLate(() => Promise.reject(new Error('hunter2')))).rejects.toThrow('hunter2');
    expect((await failing.recorded()).map(({ data, type }) => [type, 'code' in data && data.code])).toEqual([
      ['OperationRequested', false],
      ['OperationFailed', 'UNEXPECTED'],
    ]);
    const unreasonable = recordLate(() => Promise.reject(new Error('done')), {
      ...ACT,
      reason: 'no',
    } as never);
    await expect(unreasonable).rejects.toMatchObject({ code: 'INVALID_REASON' });
  });
});
