import { silentLogger } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { openDriftCount } from './drift/queries.js';
import { parkedLogCount } from './parked/queries.js';
import { createReadModel } from './create-read-model.js';
import { tokenView } from './tokens/queries.js';

describe('what nobody has told yet', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'test', max: 1, logger: silentLogger });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('is not counted as nothing, where no projector has made the tables', async () => {
    const db = createReadModel(pool);
    expect([await openDriftCount(db, 7), await parkedLogCount(db, 7)]).toEqual([null, null]);
  });

  it('is no number of decimals', () => {
    const row = { decimals: null, block_number: '1', updated_block: '1' } as Parameters<typeof tokenView>[0];
    expect(tokenView(row).decimals).toBeNull();
  });
});
