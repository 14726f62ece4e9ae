import { silentLogger } from '@abland/kernel';
import { createTestDatabase, Gate, type TestDatabase, TransactionPooler } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { inspectDatabase, requireSessions } from './inspect-database.js';
import { openPool } from './open-pool.js';

const VARIABLE = 'DATABASE_URL';

describe('what a program finds of its database', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let pooler: TransactionPooler;
  beforeEach(async () => {
    database = await createTestDatabase();
    pooler = await TransactionPooler.inFrontOf(database.url);
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });
  afterEach(async () => {
    await admin.end();
    await pooler.close();
    await database.drop();
  });
  const needs = (url: string, needed = 1) => requireSessions(url, { variable: VARIABLE, needed });

  it('is a server with sessions, also behind what only passes bytes on', async () => {
    const gate = await Gate.inFrontOf(database.url);
    expect((await inspectDatabase(database.url, VARIABLE)).pooled).toBe(false);
    expect((await inspectDatabase(gate.url, VARIABLE)).pooled).toBe(false);
    await gate.close();
  });

  it('is refused by name where a pooler gives a connection to each transaction', async () => {
    const refused = {
      code: 'DATABASE_BEHIND_POOLER',
      message: expect.stringMatching(/^DATABASE_URL leads to a pooler.*DATABASE_READ_URL alone may/),
    };
    await expect(needs(pooler.url)).rejects.toMatchObject(refused);
  });

  it('is read through such a pooler, in our session whatever its connections were used for', async () => {
    await admin.query(`ALTER DATABASE ${admin.database} SET DateStyle = 'German'`);
    const { pooled } = await inspectDatabase(pooler.url, 'DATABASE_READ_URL');
    const options = { connectionString: pooler.url, name: 'test', logger: silentLogger };
    const pool = openPool({ ...options, max: 4, pooled });
    const read = () =>
      pool.query(`SELECT $1::timestamptz AS at, pg_sleep(0.01)::text`, ['2026-01-02T03:04:05Z']);
    const results = await Promise.all(Array.from({ length: 20 }, read));
    expect(new Set(results.map(({ rows }) => String((rows[0] as { at: Date }).at.toISOString())))).toEqual(
      new Set(['2026-01-02T03:04:05.000Z']),
    );
    await pool.end();
  });

  it('is refused by name where it offers fewer connections than are needed', async () => {
    const { rows } = await admin.query<{ most: string }>(`SELECT current_setting('max_connections') AS most`);
    const most = Number(rows[0]?.most);
    const refused = {
      code: 'DATABASE_CONNECTIONS_TOO_FEW',
      message: expect.stringMatching(/DATABASE_POOL_MAX/),
    };
    await expect(needs(database.url, most + 1)).rejects.toMatchObject(refused);
    const role = `few_${admin.database ?? ''}`;
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x' CONNECTION LIMIT 8`);
    const url = new URL(database.url);
    [url.username, url.password] = [role, 'x'];
    await expect(needs(url.href, 9)).rejects.toMatchObject(refused);
    expect(await needs(url.href, 8)).toEqual({ pooled: false, connectionsMax: 8 });
    await admin.query(`DROP ROLE ${role}`);
  });

  it('is told by name where it cannot be reached', async () => {
    const unreachable = needs('postgres://abland:x@127.0.0.1:9/abland');
    await expect(unreachable).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      failureClass: 'LATER',
      message: 'The database of DATABASE_URL cannot be reached',
    });
  });

  it.each([
    ['a password is wrong', { password: 'wrong' }],
    ['there is none of that name', { pathname: '/nowhere' }],
    ['the file of its certificates is not there', { search: '?sslrootcert=/nowhere.pem' }],
  ])('is refused by name, which no waiting helps, where %s', async (_, wrong) => {
    const refused = needs(Object.assign(new URL(database.url), wrong).href);
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_REFUSED', failureClass: 'WRONG' });
  });
});
