import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@abland/kernel';
import { USUAL_LIMITS } from '@abland/postgres';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import pg from 'pg';
import { withSession, withStatementLimit } from './session.js';

describe('a session of the engine', () => {
  let database: TestDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('lets what is known to take long take longer than its limit, and nothing after it', async () => {
    const limits = { ...USUAL_LIMITS, statementMs: 1_000 };
    const options = {
      ...{ pool, limits, applicationName: 'abland-test' },
      ...{ signal: new AbortController().signal, logger: silentLogger },
    };
    await withSession(options, async (session) => {
      await withStatementLimit(session, 60_000, async (execute) => {
        await execute('SELECT pg_sleep(3.5)'); // longer than an answer is waited for
      });
      await expect(session.query('SELECT pg_sleep(10)')).rejects.toThrow('statement timeout');
    });
  });
});
