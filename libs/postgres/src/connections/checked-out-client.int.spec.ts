import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { inTransaction, withClient } from './checked-out-client.js';
import { isConnectionLoss } from './connection-loss.js';

describe('a connection of the pool', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  it('that is cut while idle in hand fails the work and not the process', async () => {
    const work = withClient(pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await client.query('SELECT 1');
    });
    await expect(work.catch((error: unknown) => isConnectionLoss(error))).resolves.toBe(true);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('commits all of a transaction or, where the work fails, nothing', async () => {
    await pool.query('CREATE TABLE kept (value integer)');
    await inTransaction(pool, (client) => client.query('INSERT INTO kept VALUES (1)'));
    const failed = inTransaction(pool, async (client) => {
      await client.query('INSERT INTO kept VALUES (2)');
      throw new Error('refused');
    });
    await expect(failed).rejects.toThrow('refused');
    expect((await pool.query('SELECT value FROM kept')).rows).toEqual([{ value: 1 }]);
  });
});
