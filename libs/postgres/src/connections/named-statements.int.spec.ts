import { silentLogger } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { type Asked, namedStatements } from './named-statements.js';
import { openPool } from './open-pool.js';

const NAMES = 'SELECT name, statement FROM pg_prepared_statements';

describe('statements that a session keeps by name', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let client: pg.PoolClient;
  let named: Asked;
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'named', max: 2, logger: silentLogger });
    client = await pool.connect();
    named = namedStatements(client);
    await pool.query('CREATE TABLE t (a integer); INSERT INTO t VALUES (1)');
    await pool.query('CREATE VIEW v AS SELECT a FROM t');
  });
  afterEach(async () => {
    client.release();
    await pool.end();
    await database.drop();
  });
  const kept = async (): Promise<readonly string[]> => {
    const { rows } = await client.query<{ statement: string }>(NAMES);
    return rows.map(({ statement }) => statement);
  };

  it('are planned once, whatever they are asked with, also by who gets the connection next', async () => {
    const text = 'SELECT a FROM t WHERE a = $1';
    for (const [value, found] of [
      [1, 1],
      [2, 0],
    ])
      expect((await named.query(text, [value])).rows).toHaveLength(found ?? 0);
    await namedStatements(client).query(text, [1]);
    expect(await kept()).toEqual([text]);
  });

  it('are asked anew where a view was changed under them', async () => {
    const text = 'SELECT * FROM v';
    expect((await named.query(text, [])).rows).toEqual([{ a: 1 }]);
    await pool.query('DROP VIEW v; CREATE VIEW v AS SELECT a, 2 AS b FROM t');
    expect((await named.query(text, [])).rows).toEqual([{ a: 1, b: 2 }]);
    expect((await named.query(text, [])).rows).toEqual([{ a: 1, b: 2 }]);
    expect(await kept()).toEqual([text]);
  });

  it('tell in a transaction, which is over with it, that a view was changed; the next one goes on', async () => {
    const text = 'SELECT * FROM v';
    await named.query(text, []);
    await pool.query('DROP VIEW v; CREATE VIEW v AS SELECT a, 2 AS b FROM t');
    await named.query('begin', []);
    await expect(named.query(text, [])).rejects.toMatchObject({ code: '0A000', failureClass: 'LATER' });
    await named.query('rollback', []);
    expect((await named.query(text, [])).rows).toEqual([{ a: 1, b: 2 }]);
  });

  it('are asked anew where the session forgot them', async () => {
    const text = 'SELECT a FROM t';
    await named.query(text, []);
    await client.query('DEALLOCATE ALL');
    expect((await named.query(text, [])).rows).toEqual([{ a: 1 }]);
  });

  it('are a bounded number, of which those asked for longest ago are let go', async () => {
    const text = (index: number): string => `SELECT a + ${index} AS sum FROM t`;
    for (let index = 0; index < 250; index += 1) {
      expect((await named.query(text(index), [])).rows).toEqual([{ sum: 1 + index }]);
      await named.query(text(0), []);
    }
    const names = await kept();
    expect(names.length).toBeLessThanOrEqual(101);
    expect(names).toContain(text(0));
    const { connection } = client as unknown as { connection: { parsedStatements: object } };
    expect(Object.keys(connection.parsedStatements).length).toBeLessThanOrEqual(101);
  });

  it('have no name behind a pooler', async () => {
    const pooled = openPool({
      ...{ connectionString: database.url, name: 'pooled', max: 1, logger: silentLogger, pooled: true },
    });
    const behind = await pooled.connect();
    await namedStatements(behind).query('SELECT a FROM t', []);
    expect((await behind.query(NAMES)).rows).toEqual([]);
    behind.release();
    await pooled.end();
  });
});
