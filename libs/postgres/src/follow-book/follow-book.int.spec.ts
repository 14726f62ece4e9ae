import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PostgresFollowBook } from './follow-book.js';
import { migrateFollowBook } from './migrate.js';

describe('the book of what is followed', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined); // dropping the database ends idle connections
    await migrateFollowBook(pool);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });
  const sorted = async (chainId: number): Promise<readonly string[] | null> =>
    (await new PostgresFollowBook(pool, chainId).tokens())
      ?.map(({ earlierOf, token }) => (earlierOf === null ? token : `${token} of ${earlierOf}`))
      .toSorted() ?? null;

  it('tells nothing of a chain that was not begun, and no tokens of one that has none', async () => {
    expect(await sorted(1)).toBeNull();
    await new PostgresFollowBook(pool, 1).begin([]);
    expect(await sorted(1)).toEqual([]);
  });

  it('keeps each token of a chain once, and each chain for itself', async () => {
    const [one, two] = [new PostgresFollowBook(pool, 1), new PostgresFollowBook(pool, 2)];
    await one.begin(['0xa']);
    await one.add(['0xa', '0xb'], null);
    await one.add(['0xb', '0xf'], '0xe');
    await one.begin(['0xb', '0xc']);
    await two.begin(['0xd']);
    expect(await sorted(1)).toEqual(['0xa', '0xb', '0xc', '0xf of 0xe']);
    expect(await sorted(2)).toEqual(['0xd']);
  });
});
