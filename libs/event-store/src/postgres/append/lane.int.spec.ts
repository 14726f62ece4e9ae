import { silentLogger } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { collect, sampleEvents } from '../../laws/sample-events.js';
import { openPostgresEventStore } from '../postgres-event-store.js';
import { BorrowedLane } from './lane.js';

const SETTINGS = `SELECT current_setting('plan_cache_mode') AS plans, current_setting('enable_seqscan') AS scans,
  current_setting('idle_in_transaction_session_timeout') AS idle, pg_backend_pid() AS pid`;

describe('appends by the pool', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'seldom', max: 1, logger: silentLogger });
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });
  const settings = async (client: pg.Pool | pg.Client = pool) => (await client.query(SETTINGS)).rows[0];

  it('take one of its connections and no other', async () => {
    const at = { connectionString: database.url, pool, appendsByPool: true };
    const store = await openPostgresEventStore({ ...at, logger: silentLogger });
    await Promise.all([
      store.append('s', sampleEvents(1), 'no_stream'),
      store.append('t', sampleEvents(200), 'no_stream'),
      collect(store.readAll()),
    ]);
    await store.append('s', sampleEvents(1), 0n);
    await store.append('t', sampleEvents(200), 199n);
    expect(await collect(store.readAll())).toHaveLength(402);
    const { rows } = await pool.query(
      `SELECT application_name AS name FROM pg_stat_activity
       WHERE datname = current_database() AND backend_type = 'client backend'`,
    );
    expect(rows).toEqual([{ name: 'abland-seldom' }]);
    await store.close();
  });

  it('stop nobody for long where they stop, and give it back as it was', async () => {
    const before = await settings();
    const during = await new BorrowedLane(pool).use(settings);
    expect(during).toMatchObject({ plans: 'force_generic_plan', scans: 'off', idle: '8s', pid: before.pid });
    expect(before).toMatchObject({ plans: 'auto', scans: 'on', idle: '30s' });
    expect(await settings()).toEqual(before);
  });

  it('close it where they fail: a transaction may be open on it', async () => {
    const before = await settings();
    const lane = new BorrowedLane(pool);
    const failing = lane.use(async (client) => {
      await client.query('BEGIN');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    const after = await settings();
    expect(after).toEqual({ ...before, pid: after.pid });
    expect(after.pid).not.toBe(before.pid);
  });
});
