import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Running, silentLogger } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import pg from 'pg';
import { eventually } from './eventually.fixture.js';
import { startAlone } from './start-alone.js';

describe('a part that runs alone', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let runningNow: number;
  let mostAtOnce: number;
  let starts: number;
  const opened: Running[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined);
    [runningNow, mostAtOnce, starts] = [0, 0, 0];
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((part) => part.stop()));
    await pool.end();
    await database.drop();
  });

  const open = (ended = new Promise<void>(() => undefined)): Running => {
    const start = (): Promise<Running> => {
      starts += 1;
      runningNow += 1;
      mostAtOnce = Math.max(mostAtOnce, runningNow);
      const stop = (): Promise<void> => {
        runningNow -= 1;
        return Promise.resolve();
      };
      return Promise.resolve({ name: 'part', ended, stop });
    };
    const part = startAlone({ name: 'part', pool, logger: silentLogger, start, standbyIntervalMs: 20 });
    opened.push(part);
    return part;
  };

  it('runs in one program at a time, and in the next one when that stops', async () => {
    const first = open();
    await eventually(() => expect(starts).toBe(1));
    open();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(starts).toBe(1);
    await first.stop();
    await eventually(() => expect(starts).toBe(2));
    expect([runningNow, mostAtOnce]).toEqual([1, 1]);
  });

  it('stops where its lock is lost with the connection, and starts again', async () => {
    open();
    await eventually(() => expect(starts).toBe(1));
    await pool.query(
      'SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = $1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())',
      ['advisory'],
    );
    await eventually(() => expect(starts).toBe(2));
    expect([runningNow, mostAtOnce]).toEqual([1, 1]);
  });

  it('ends with what broke it', async () => {
    const broken = Promise.reject(new Error('broken'));
    broken.catch(() => undefined); // heard of only once the part runs
    const part = open(broken);
    await expect(part.ended).rejects.toThrow('broken');
    expect(runningNow).toBe(0);
  });
});
