import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { silentLogger } from '@abland/kernel';
import type pg from 'pg';
import { databaseTime } from './database-time.js';
import { LagReader, type LagPorts } from './lag.js';

const MINUTE = 60_000;

describe('how far the answers are behind the log', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'test', max: 2, logger: silentLogger });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  /** No read model has seen anything of a log with one event. */
  const lagOf = (recordedAt: number, storeTime: () => Promise<number>): LagReader => {
    const event = { position: 1n, recordedAt: new Date(recordedAt).toISOString() } as RecordedEvent;
    const log = {
      head: async () => event.position,
      async *readAll() {
        yield [event];
      },
    } as unknown as EventStore;
    const readPool = { query: async () => ({ rows: [] }) };
    return new LagReader({ log, readPool, storeTime } as unknown as LagPorts);
  };

  it('is the age of what is not seen by the clock that recorded it, whatever this host takes the time for', async () => {
    const storeTime = () => databaseTime(pool);
    const now = await storeTime();
    expect(Math.abs(now - Date.now())).toBeLessThan(MINUTE); // of one host, here
    for (const hoursApart of [-1, 0, 1]) {
      const apart = hoursApart * 60 * MINUTE;
      const { lagSeconds } = await lagOf(
        now + apart - MINUTE,
        async () => (await storeTime()) + apart,
      ).ofLog();
      expect(lagSeconds).toBeGreaterThanOrEqual(60);
      expect(lagSeconds).toBeLessThan(600);
    }
  });

  it('is never none while something is not seen, and grows, also of a log that is recorded by another clock', async () => {
    const reader = lagOf(Date.now() + 60 * MINUTE, () => databaseTime(pool));
    expect((await reader.ofLog()).lagSeconds).toBeGreaterThan(0);
    await eventually(async () => expect((await reader.ofLog()).lagSeconds).toBeGreaterThan(0.1));
  });
});
