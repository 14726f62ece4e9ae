import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openPool } from '@abland/postgres';
import { silentLogger } from '@abland/kernel';
import { migrateProjections } from '@abland/projections';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrationHashes } from './all-migrations.js';

const MAIN = fileURLToPath(new URL('../../../../dist/abland.js', import.meta.url));

async function migrate(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'migrate', '--within', '60'], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return stdout.trim().split('\n');
}

describe('the migrations as a job that ends', () => {
  let main: TestDatabase;
  let keys: TestDatabase;
  beforeEach(async () => ([main, keys] = [await createTestDatabase(), await createTestDatabase()]));
  afterEach(() => Promise.all([main.drop(), keys.drop()]));

  const schemasOf = async (url: string): Promise<readonly string[]> => {
    const pool = openPool({ connectionString: url, name: 'test', max: 1, logger: silentLogger });
    try {
      const { rows } = await pool.query<{ schema: string }>(
        `SELECT table_schema AS schema FROM information_schema.tables WHERE table_name = 'migrations' ORDER BY 1`,
      );
      return rows.map(({ schema }) => schema);
    } finally {
      await pool.end();
    }
  };

  it('applies all of them to an empty database, says which, and has nothing to do the next time', async () => {
    const said = await migrate({ DATABASE_URL: main.url });
    const all = Object.keys(migrationHashes());
    expect(said.slice(0, -1).toSorted()).toEqual(all.map((name) => `applied ${name}`).toSorted());
    expect(said.at(-1)).toBe(`${all.length} applied`);
    expect(await migrate({ DATABASE_URL: main.url })).toEqual([
      'nothing to apply: all schemas are up to date',
    ]);
    const pool = openPool({ connectionString: main.url, name: 'test', max: 2, logger: silentLogger });
    await migrateProjections(pool).finally(() => pool.end());
  });

  it('puts the keys of persons where they lie, and no log beside EventStoreDB', async () => {
    await migrate({
      DATABASE_URL: main.url,
      PERSONAL_KEYS_URL: keys.url,
      EVENT_STORE: 'eventstoredb',
      EVENTSTORE_URL: 'esdb://nowhere:2113',
    });
    expect(await schemasOf(keys.url)).toEqual(['personal_keys']);
    const there = await schemasOf(main.url);
    expect(there).toContain('projections');
    expect(there).not.toContain('personal_keys');
    expect(there).not.toContain('event_store');
  });

  it('refuses a database of a newer version, and one that it is not let into, at once', async () => {
    await migrate({ DATABASE_URL: main.url });
    const pool = openPool({ connectionString: main.url, name: 'test', max: 1, logger: silentLogger });
    await pool.query(`INSERT INTO api.migrations (name, hash) VALUES ('9999-newer', 'x')`);
    await pool.end();
    await expect(migrate({ DATABASE_URL: main.url })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/written by a newer version.*DATABASE_OF_ANOTHER_VERSION/),
    });
    const elsewhere = main.url.replace(/\/[^/]+$/, '/no_such_database');
    await expect(migrate({ DATABASE_URL: elsewhere })).rejects.toMatchObject({ code: 1 });
    await expect(migrate({})).rejects.toMatchObject({
      stderr: expect.stringContaining('DATABASE_URL must be set'),
    });
  });
});
