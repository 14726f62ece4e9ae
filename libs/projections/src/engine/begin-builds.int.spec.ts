import { applyMigrations, migrateLeases } from '@abland/postgres';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PROJECTIONS_MIGRATIONS } from './migrations.js';

describe('a database of before builds', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  const migrate = (upTo: number): Promise<void> =>
    applyMigrations(pool, 'projections', PROJECTIONS_MIGRATIONS.slice(0, upTo));

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
    await migrateLeases(pool);
    await migrate(4);
    await pool.query(`
      CREATE SCHEMA read_model;
      CREATE SCHEMA read_model_rebuild;
      CREATE TABLE read_model.users (address text PRIMARY KEY, "order" bigint NOT NULL);
      CREATE INDEX users_by_order ON read_model.users ("order");
      CREATE TABLE read_model_rebuild.users (address text PRIMARY KEY, "order" bigint NOT NULL);
      CREATE TABLE read_model.of_nobody (id bigint PRIMARY KEY);
      INSERT INTO read_model.users VALUES ('ada', 1), ('grace', 2);
      INSERT INTO read_model_rebuild.users VALUES ('ada', 1);
      INSERT INTO projections.checkpoints (projection, target, definition, position, last_event, handled, kept_from) VALUES
        ('users', 'live', 'old', 40, '{"id": "x", "stream": "s", "revision": "3"}', 9, 30),
        ('users', 'rebuild', 'old', 20, '{"id": "y", "stream": "s", "revision": "1"}', 5, NULL);
      INSERT INTO projections.journal (projection, target, table_name, row_key, position, happened_at, before) VALUES
        ('users', 'live', 'users', ARRAY['grace'], 40, now(), NULL), ('users', 'rebuild', 'users', ARRAY['ada'], 20, now(), NULL);
      INSERT INTO projections.parked_events (projection, target, event_id, position, stream, type, code, reason, defect) VALUES
        ('users', 'live', '00000000-0000-4000-8000-000000000001', 7, 's', 'T', 'C', 'why', true)`);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  const one = async (sql: string): Promise<unknown> => (await pool.query(sql)).rows;

  it('has its tables, journals and parked events as first builds, without a copy of a row', async () => {
    const file = `SELECT pg_relation_filepath('%s') AS file`;
    const before = await one(file.replace('%s', 'read_model.users'));
    await migrate(PROJECTIONS_MIGRATIONS.length);
    expect(
      await one(
        `SELECT id, projection, definition, schema, state, position, kept_from, parked, indexed FROM projections.builds`,
      ),
    ).toEqual([
      expect.objectContaining({
        id: '1',
        schema: 'build_1',
        state: 'LIVE',
        position: '40',
        kept_from: '40', // the newest migration: what was before it cannot be read back
        parked: '1',
      }),
      expect.objectContaining({
        id: '2',
        schema: 'build_2',
        state: 'PAUSED',
        position: '20',
        indexed: false,
      }),
    ]);
    expect(await one(file.replace('%s', 'build_1.users'))).toEqual(before);
    expect(
      await one(`SELECT indexname FROM pg_indexes WHERE schemaname = 'build_1' AND tablename = 'users'`),
    ).toHaveLength(2);
    expect(await one('SELECT * FROM read_model.users ORDER BY 1')).toEqual([
      { address: 'ada', order: '1' },
      { address: 'grace', order: '2' },
    ]);
    expect(await one('SELECT position FROM read_model.journal_of_users')).toEqual([{ position: '40' }]);
    expect(await one('SELECT position FROM build_2.journal')).toEqual([{ position: '20' }]);
    expect(await one('SELECT code, defect FROM read_model.parked_by_users')).toEqual([
      { code: 'C', defect: true },
    ]);
    expect(await one('SELECT address FROM build_2.users')).toEqual([{ address: 'ada' }]);
  });

  it('keeps nothing where an older program would write', async () => {
    await migrate(PROJECTIONS_MIGRATIONS.length);
    const left = `SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('read_model') AND relkind = 'r'`;
    expect(await one(left)).toEqual([]);
    expect(await one(`SELECT to_regnamespace('read_model_rebuild')::text AS there`)).toEqual([
      { there: null },
    ]);
    await expect(pool.query('SELECT FROM projections.checkpoints FOR UPDATE')).rejects.toMatchObject({
      code: '42P01',
    });
    await expect(migrate(4)).rejects.toMatchObject({
      code: 'DATABASE_OF_ANOTHER_VERSION',
      message: expect.stringContaining('newer version'),
      details: { schema: 'projections', migration: '0005-begin-builds' },
    });
  });
});
