import { retrying } from '@abland/kernel';
import { createTestDatabase, type TestDatabase, until } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { applyMigrations, type Migration } from './migrations.js';

const create: Migration = {
  name: '0001-create-things',
  sql: 'CREATE TABLE sample.things (id integer PRIMARY KEY); INSERT INTO sample.things VALUES (1)',
};
const name: Migration = {
  name: '0002-name-things',
  sql: "ALTER TABLE sample.things ADD name text NOT NULL DEFAULT 'nameless'",
};
const refused = (problem: RegExp) =>
  expect.objectContaining({
    code: 'DATABASE_OF_ANOTHER_VERSION',
    message: expect.stringMatching(problem),
  });

describe('migrations', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined); // dropping the database ends idle connections
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });
  const migrate = (...migrations: Migration[]): Promise<void> => applyMigrations(pool, 'sample', migrations);
  const things = async (): Promise<unknown[]> =>
    (await pool.query<object>('SELECT * FROM sample.things ORDER BY id')).rows;
  const applied = async (): Promise<string[]> =>
    (await pool.query<{ name: string }>('SELECT name FROM sample.migrations ORDER BY name')).rows.map(
      (row) => row.name,
    );

  it('are applied once each, by however many starts at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrate(create, name)));
    await migrate(create, name);
    expect(await things()).toEqual([{ id: 1, name: 'nameless' }]);
    expect(await applied()).toEqual([create.name, name.name]);
  });

  it('that are all applied are found so without waiting for whoever applies others', async () => {
    await migrate(create);
    const other = await pool.connect();
    await other.query('BEGIN; SELECT pg_advisory_xact_lock(x)::text FROM (VALUES (1633840228)) AS lock (x)');
    await migrate(create);
    await other.query('ROLLBACK');
    other.release();
  });

  it('bring a database of the first version to the next one with what is in it', async () => {
    await migrate(create);
    await pool.query('INSERT INTO sample.things VALUES (2)');
    await migrate(create, name);
    expect(await things()).toEqual([
      { id: 1, name: 'nameless' },
      { id: 2, name: 'nameless' },
    ]);
  });

  it('refuse a database whose applied ones were other SQL, by however little', async () => {
    await migrate(create);
    const edited = { ...create, sql: `${create.sql} ` };
    await expect(migrate(edited, name)).rejects.toEqual(
      refused(/^The database was made by another version .*0001-create-things.*: run that version, or .*$/),
    );
    expect(await things()).toEqual([{ id: 1 }]);
    expect(await applied()).toEqual([create.name]);
  });

  it('refuse a database that a newer program has migrated', async () => {
    await migrate(create, name);
    await expect(migrate(create)).rejects.toEqual(
      refused(/^The database was written by a newer version .*0002-name-things.*: run that version, or .*$/),
    );
  });

  it('refuse a database that has one of them without those before it', async () => {
    await pool.query('CREATE SCHEMA sample; CREATE TABLE sample.things (id integer PRIMARY KEY)');
    await migrate(name);
    await expect(migrate(create, name)).rejects.toEqual(refused(/another version/));
  });

  it('refuse a database that knows what was applied by name alone', async () => {
    await pool.query(`CREATE SCHEMA sample;
      CREATE TABLE sample.migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
      INSERT INTO sample.migrations VALUES ('${create.name}')`);
    await expect(migrate(create)).rejects.toEqual(
      refused(/made before the shapes were frozen .*: delete the data folder, or/),
    );
    await expect(things()).rejects.toThrow('does not exist');
  });

  it('keep nobody waiting for a table that somebody uses for long, and come once it is free', async () => {
    await migrate(create);
    const holder = await pool.connect();
    await holder.query('BEGIN; LOCK TABLE sample.things IN ACCESS SHARE MODE');
    const told: unknown[] = [];
    const onRetry = ({ error }: { readonly error: unknown }): void => void told.push(error);
    const migrated = retrying(() => migrate(create, name), { onRetry });
    migrated.catch(() => undefined); // heard of below
    const waits = `SELECT FROM pg_locks WHERE NOT granted AND relation = 'sample.things'::regclass`;
    try {
      await until(async () => (await pool.query(waits)).rowCount === 1);
      await pool.query(`BEGIN; SET LOCAL lock_timeout = '20s'; INSERT INTO sample.things VALUES (2); COMMIT`);
      await until(() => told.length > 0);
      expect(told[0]).toMatchObject({
        code: 'MIGRATION_GIVES_WAY',
        failureClass: 'LATER',
        details: { schema: 'sample', migration: name.name },
      });
      expect(await applied()).toEqual([create.name]);
    } finally {
      holder.release(true); // ends its transaction
    }
    await migrated;
    expect(await things()).toEqual([
      { id: 1, name: 'nameless' },
      { id: 2, name: 'nameless' },
    ]);
  });

  it('that fail leave nothing behind and keep nobody waiting', async () => {
    const failing = { ...name, sql: `${name.sql}; SELECT 1 / 0` };
    await expect(migrate(create, failing)).rejects.toThrow('division by zero');
    await expect(things()).rejects.toThrow('does not exist');
    await migrate(create, name);
    expect(await applied()).toEqual([create.name, name.name]);
  });
});
