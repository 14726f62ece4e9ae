import { silentLogger } from '@abland/kernel';
import { createTestDatabase, hasPgBouncer, PgBouncer, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inspectDatabase, requireSessions } from './inspect-database.js';
import { namedStatements } from './named-statements.js';
import { openPool } from './open-pool.js';

const VARIABLE = 'DATABASE_URL';

if (hasPgBouncer()) {
  describe('a real PgBouncer', () => {
    let database: TestDatabase;
    let bouncer: PgBouncer | null = null;
    beforeEach(async () => {
      database = await createTestDatabase();
    });
    afterEach(async () => {
      await bouncer?.close();
      await database.drop();
    });
    const put = async (mode: 'transaction' | 'session'): Promise<string> => {
      bouncer = await PgBouncer.inFrontOf(database.url, mode);
      return bouncer.url;
    };

    it('that gives a connection to each transaction is refused by name to who needs a session', async () => {
      const url = await put('transaction');
      await expect(requireSessions(url, { variable: VARIABLE, needed: 1 })).rejects.toMatchObject({
        code: 'DATABASE_BEHIND_POOLER',
        details: { variable: VARIABLE },
      });
    });

    it('that gives a connection to each transaction is read through, many at once', async () => {
      const url = await put('transaction');
      const { pooled } = await inspectDatabase(url, 'DATABASE_READ_URL');
      expect(pooled).toBe(true);
      const pool = openPool({ connectionString: url, name: 'test', max: 8, logger: silentLogger, pooled });
      const at = '2026-01-02T03:04:05.000Z';
      const results = await Promise.all(
        Array.from({ length: 40 }, () =>
          pool.query<{ at: Date }>('SELECT $1::timestamptz AS at, pg_sleep(0.01)::text', [at]),
        ),
      );
      expect(new Set(results.map(({ rows }) => rows[0]?.at.toISOString()))).toEqual(new Set([at]));
      await pool.end();
    });

    it('that gives a connection to each transaction gets statements without names', async () => {
      const pooled = true;
      const connectionString = await put('transaction');
      const pool = openPool({ connectionString, name: 'test', max: 8, logger: silentLogger, pooled });
      const ask = async (index: number): Promise<unknown> => {
        const client = await pool.connect();
        try {
          const { rows } = await namedStatements(client).query('SELECT $1::integer AS a, pg_sleep(0.005)', [
            index,
          ]);
          return (rows[0] as { a: number }).a;
        } finally {
          client.release();
        }
      };
      const indexes = Array.from({ length: 60 }, (_, index) => index);
      expect(await Promise.all(indexes.map(ask))).toEqual(indexes);
      expect((await pool.query('SELECT FROM pg_prepared_statements')).rowCount).toBe(0);
      await pool.end();
    });

    it('that gives a connection to each session is as good as the server', async () => {
      const url = await put('session');
      expect(await inspectDatabase(url, VARIABLE)).toMatchObject({ pooled: false });
    });
  });
} else {
  describe('a real PgBouncer', () => {
    it.skip('skipped: no pgbouncer is installed here (Debian: apt-get install pgbouncer)', () => undefined);
  });
}
