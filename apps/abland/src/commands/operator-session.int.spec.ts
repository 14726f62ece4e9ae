import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventStore } from '@abland/event-codec';
import { silentLogger } from '@abland/kernel';
import { loadDataConfig } from '@abland/platform';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { withSession } from './operator-session.js';

describe('what an operator’s command works with', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await createTestDatabase()));
  afterEach(() => database.drop());

  const at = (url: string, run = () => Promise.resolve()) =>
    withSession(loadDataConfig({ DATABASE_URL: url }), run);

  it('is nothing in a database without a system, in which nothing is made', async () => {
    await expect(at(database.url)).rejects.toMatchObject({
      code: 'NO_SYSTEM_THERE',
      message: expect.stringContaining('DATABASE_URL'),
    });
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|public|information_schema)'`,
    );
    expect(rows).toEqual([]);
    await client.end();
  });

  it('is refused by the name of the variable where the database does not let us in', async () => {
    const wrong = Object.assign(new URL(database.url), { password: 'wrong' }).href;
    await expect(at(wrong)).rejects.toMatchObject({
      code: 'DATABASE_REFUSED',
      message: 'The database of DATABASE_URL does not let us in',
    });
  });

  it('says so where the programs of this version have not made what it reads', async () => {
    await (await openEventStore(database.url, silentLogger)).close();
    const reading = withSession(loadDataConfig({ DATABASE_URL: database.url }), ({ pool }) =>
      pool.query('SELECT FROM read_model.tokens'),
    );
    await expect(reading).rejects.toMatchObject({ code: 'SYSTEM_NOT_PREPARED' });
  });

  it('is nothing in a folder without a system, which is not made', async () => {
    const folder = join(tmpdir(), `abland-nowhere-${process.pid}`);
    const session = withSession(loadDataConfig({ ABLAND_DATA_DIR: folder }), () => Promise.resolve());
    await expect(session).rejects.toMatchObject({
      code: 'NO_SYSTEM_THERE',
      message: expect.stringContaining('ABLAND_DATA_DIR'),
    });
    expect(existsSync(folder)).toBe(false);
  });
});
