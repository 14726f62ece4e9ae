import { silentLogger } from '@abland/kernel';
import { createTestDatabase, Gate, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { isConnectionLoss } from './connection-loss.js';
import { USUAL_LIMITS } from './limits.js';
import { inLongTransaction } from './long-work.js';
import { openPool } from './open-pool.js';
import { PostgresClient } from './postgres-client.js';

/** Long enough for a busy machine to do between two looks what it was asked for. */
const WATCH = { everyMs: 400, looks: 2 };
/** Several looks long. */
const WORK = 'SELECT 1 AS one FROM pg_sleep(2)';

describe('work that may take hours', () => {
  let database: TestDatabase;
  let gate: Gate;
  let pool: pg.Pool;
  beforeEach(async () => {
    database = await createTestDatabase();
    gate = await Gate.inFrontOf(database.url);
    const limits = { ...USUAL_LIMITS, connectMs: 5_000, statementMs: 2_000 };
    pool = openPool({ connectionString: gate.url, name: 'test', max: 1, logger: silentLogger, limits });
  });
  afterEach(async () => {
    await pool.end();
    await gate.close();
    await database.drop();
  });
  const work = (statement: string, deaf: { readonly alsoNew: boolean } | null): Promise<unknown> =>
    inLongTransaction(
      pool,
      (client) => {
        if (deaf !== null) gate.deafen(deaf);
        return client.query<object>(statement).then(({ rows }) => rows);
      },
      WATCH,
    );

  it('is let alone while the database is at it', async () => {
    expect(await work(WORK, null)).toEqual([{ one: 1 }]);
  });

  it('is let alone where the database tells of nobody what it is at', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const admin = new PostgresClient({ connectionString: database.url });
    await admin.connect();
    await admin.query(`ALTER DATABASE ${name} SET track_activities = off`);
    await admin.end();
    expect(await work(WORK, null)).toEqual([{ one: 1 }]);
    const { rows } = await pool.query<object>(
      'SELECT state, state_change FROM pg_stat_activity WHERE pid = pg_backend_pid()',
    );
    expect(rows).toEqual([{ state: 'disabled', state_change: null }]);
  });

  it.each([true, false])(
    'fails as lost where nothing comes back any more, over new ones too: %s',
    async (alsoNew) => {
      const failure = await work('SELECT 1', { alsoNew }).catch((error: unknown) => error);
      expect(isConnectionLoss(failure)).toBe(true);
    },
  );
});
