import { setTimeout as sleep } from 'node:timers/promises';
import { failureClassOf, type Logger, silentLogger } from '@abland/kernel';
import { createTestDatabase, eventually, Gate, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { inTransaction } from './checked-out-client.js';
import { isConnectionLoss } from './connection-loss.js';
import { postgresFailureClassOf } from './failure-classes.js';
import { type Limits, USUAL_LIMITS } from './limits.js';
import { openPool, type PoolOptions } from './open-pool.js';

/** A statement that is to fail does so soon; a connection that is to come may take its time, on a busy machine. */
const SHORT: Limits = { ...USUAL_LIMITS, connectMs: 20_000, statementMs: 2_000, lockMs: 1_000 };

const SLOW = 'SELECT pg_sleep(20)';

describe('a pool of connections', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let gate: Gate;
  const pools: pg.Pool[] = [];
  const open = (options: Partial<PoolOptions> = {}): pg.Pool => {
    const connectionString = database.url;
    const pool = openPool({ connectionString, name: 'test', max: 2, logger: silentLogger, ...options });
    pools.push(pool);
    return pool;
  };
  const cut = (pool: pg.Pool) =>
    admin.query(
      // Other tests have pools of this name on the same server.
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = $1 AND datname = current_database()`,
      [(pool.options as { application_name?: string }).application_name],
    );
  const backends = async (): Promise<number> => {
    const { rowCount } = await admin.query(
      'SELECT 1 FROM pg_stat_activity WHERE query = $1 AND datname = current_database()',
      [SLOW],
    );
    return rowCount ?? 0;
  };
  beforeEach(async () => {
    database = await createTestDatabase();
    gate = await Gate.inFrontOf(database.url);
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.ending || pool.end()));
    await admin.end();
    await gate.close();
    await database.drop();
  });

  it('tells of a statement that took long which it was and what it was asked for, once of many', async () => {
    const lines: [string, Record<string, unknown>][] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: ((fields: Record<string, unknown>, message: string) =>
        lines.push([message, fields])) as Logger['warn'],
    };
    const pool = open({ logger, askedFor: () => ({ correlationId: 'it' }) });
    await pool.query('SELECT pg_sleep($1)', [0]);
    await pool.query('SELECT pg_sleep($1)', [1.1]);
    await inTransaction(pool, (client) => client.query('SELECT pg_sleep($1)', [1.1]));
    const slow = lines.filter(([message]) => message === 'a statement took long');
    expect(slow).toEqual([
      [
        'a statement took long',
        {
          ...{ pool: 'test', sql: 'SELECT pg_sleep($1)', failed: false, correlationId: 'it' },
          durationMs: expect.any(Number),
        },
      ],
    ]);
  });

  it.each([
    ['DateStyle', "'German'"],
    ['DateStyle', "'SQL, DMY'"],
    ['TimeZone', "'Asia/Kathmandu'"],
    ['IntervalStyle', "'sql_standard'"],
    ['search_path', "'pg_catalog'"],
    ['bytea_output', "'escape'"],
    ['extra_float_digits', '-5'],
    ['standard_conforming_strings', 'off'],
    ['array_nulls', 'off'],
    ['client_encoding', "'LATIN1'"],
    ['statement_timeout', '1'],
    ['lock_timeout', '1'],
    ['idle_in_transaction_session_timeout', '1'],
    ['default_transaction_isolation', "'serializable'"],
  ])('has the session that our statements depend on where %s is %s by default', async (name, value) => {
    const expected = await sessionOf(open({ name: 'before' }));
    await admin.query(`ALTER DATABASE ${admin.database} SET ${name} = ${value}`);
    expect(await sessionOf(open())).toEqual(expected);
  });

  it('does not write where somebody has made sessions read-only, and calls that a failure that passes', async () => {
    await admin.query(`ALTER DATABASE ${admin.database} SET default_transaction_read_only = on`);
    const writing = open().query('CREATE TABLE written (id integer)');
    await expect(writing.catch((error: unknown) => postgresFailureClassOf(error))).resolves.toBe('LATER');
  });

  it('outlives connections that are cut while nobody uses them, and logs no more than what happened', async () => {
    const logged: object[] = [];
    const logger: Logger = { ...silentLogger, warn: (fields) => void logged.push(fields) };
    const pool = open({ logger });
    await pool.query('SELECT 1');
    await cut(pool);
    await eventually(() =>
      expect(logged).toEqual([{ code: '57P01', message: expect.any(String), pool: 'test' }]),
    );
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('tells once that its connections are lost, however many are and however often', async () => {
    const lines: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (_, message) => void lines.push(message) };
    const pool = open({ logger, max: 5 });
    for (let crash = 0; crash < 3; crash += 1) {
      await Promise.all(Array.from({ length: 5 }, () => pool.query('SELECT pg_sleep(0.05)')));
      await cut(pool);
      await eventually(() => expect(pool.totalCount).toBe(0));
    }
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(5); // of each kind of loss once
  });

  it('outlives connections that are cut in the hands of somebody who listens to no error', async () => {
    const pool = open();
    const client = await pool.connect(); // as Kysely takes them
    await cut(pool);
    await sleep(100);
    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release(true);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it.each(['a query', 'a transaction'])(
    'says of %s whose connection is cut what everybody understands',
    async (way) => {
      const pool = open();
      const asked =
        way === 'a query' ? pool.query(SLOW) : inTransaction(pool, (client) => client.query(SLOW));
      const failure = asked.catch((error: unknown) => error);
      await eventually(async () => expect(await backends()).toBe(1));
      await cut(pool);
      expect(await failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      expect(failureClassOf(await failure)).toBe('LATER');
      expect(isConnectionLoss(await failure)).toBe(true);
    },
  );

  it('says of a database that cannot be connected to that it is out of reach', async () => {
    const pool = open({ connectionString: gate.url, limits: { ...SHORT, connectMs: 500 } });
    gate.deafen({ alsoNew: true });
    const out = { code: 'DATABASE_UNAVAILABLE', failureClass: 'LATER' };
    await expect(pool.query('SELECT 1')).rejects.toMatchObject(out);
    await expect(pool.connect()).rejects.toMatchObject(out);
    await expect(inTransaction(pool, () => Promise.resolve())).rejects.toMatchObject(out);
  });

  it('leaves what PostgreSQL answers its SQLSTATE, and says its class', async () => {
    const pool = open({ limits: SHORT });
    const slow = await pool.query('SELECT pg_sleep(5)').catch((error: unknown) => error);
    expect([(slow as { code: string }).code, failureClassOf(slow)]).toEqual(['57014', 'LATER']);
    const wrong = await pool.query('SELECT * FROM nowhere').catch((error: unknown) => error);
    expect([(wrong as { code: string }).code, failureClassOf(wrong)]).toEqual(['42P01', 'OURS']);
  });

  it('gives a statement up that takes too long, and one that waits too long for a lock', async () => {
    const pool = open({ limits: SHORT });
    await expect(pool.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
    await admin.query('CREATE TABLE locked (id integer)');
    await admin.query('BEGIN; LOCK TABLE locked');
    await expect(pool.query('SELECT * FROM locked')).rejects.toMatchObject({ code: '55P03' });
    await admin.query('ROLLBACK');
  });

  it('lets ten that wait for one locked table keep nobody else waiting for long', async () => {
    const pool = open({ max: 6, limits: SHORT });
    await admin.query('CREATE TABLE locked (id integer); CREATE TABLE other (id integer)');
    await admin.query('BEGIN; LOCK TABLE locked');
    const waiting = Array.from({ length: 10 }, () => pool.query('SELECT * FROM locked'));
    const refused = Promise.allSettled(waiting);
    expect((await pool.query('SELECT * FROM other')).rows).toEqual([]);
    expect((await refused).every(({ status }) => status === 'rejected')).toBe(true);
    await admin.query('ROLLBACK');
  });

  it('refuses whoever comes when too many wait already, at once and by name', async () => {
    const pool = open({ max: 1, waitersMax: 2 });
    const held = await pool.connect();
    const waiting = [pool.query('SELECT 1'), pool.query('SELECT 1')];
    const refused = expect.objectContaining({ code: 'DATABASE_BUSY', failureClass: 'LATER' });
    await expect(pool.query('SELECT 1')).rejects.toEqual(refused);
    await expect(pool.connect()).rejects.toEqual(refused);
    held.release();
    await Promise.all(waiting);
  });

  it('goes on over new connections where all it has are silent, after one that was waited for', async () => {
    const pool = open({ connectionString: gate.url, max: 4, limits: SHORT });
    await Promise.all(Array.from({ length: 4 }, () => pool.query('SELECT pg_sleep(0.05)')));
    gate.deafen({ alsoNew: false });
    const lost = await pool.query('SELECT 1').catch((error: unknown) => error);
    expect(isConnectionLoss(lost)).toBe(true);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('gives nobody a connection again on which an answer was waited for in vain', async () => {
    const pool = open({ connectionString: gate.url, max: 1, limits: SHORT });
    const client = await pool.connect();
    gate.deafen({ alsoNew: false });
    await expect(client.query('SELECT 1')).rejects.toThrow(/timeout/);
    client.release(); // as Kysely does
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('gives up connecting to a server that does not answer, and ends without its goodbye', async () => {
    const pool = open({ connectionString: gate.url, limits: { ...SHORT, connectMs: 10_000 } });
    const held = await pool.connect();
    gate.deafen({ alsoNew: true });
    await expect(pool.query('SELECT 1')).rejects.toThrow(/timeout|terminated/);
    const begun = performance.now();
    const ended = pool.end();
    held.release(true);
    await ended;
    expect(performance.now() - begun).toBeLessThan(20_000);
  });
});

/** What statements give that depend on the session. */
async function sessionOf(pool: pg.Pool): Promise<unknown> {
  const { rows } = await pool.query<object>(
    `SELECT '2026-01-02 03:04:05.678+00'::timestamptz AS time, '2026-01-02'::date::text AS date,
       timestamptz '2026-01-02 23:00:00+00'::date::text AS day, interval '36 hours'::text AS span,
       (0.1::float8 + 0.2::float8)::text AS number, '\\x00ff'::bytea AS bytes, '\\x00ff'::bytea::text AS byte_text,
       'a\\b' AS text, '{NULL}'::text[] AS nulls, 'é €' AS letters, current_setting('search_path') AS path,
       current_setting('transaction_isolation') AS isolation, current_setting('statement_timeout') AS statement,
       current_setting('lock_timeout') AS lock, current_setting('idle_in_transaction_session_timeout') AS idle,
       pg_sleep(0.01)::text`,
  );
  return rows;
}
