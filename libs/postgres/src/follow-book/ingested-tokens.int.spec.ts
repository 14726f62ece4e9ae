import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type KeptTokens, PostgresIngestedTokens } from './ingested-tokens.js';
import { migrateFollowBook } from './migrate.js';

const ID = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
const OTHER_ID = '6f9619ff-8b86-4011-b42d-00c04fc964fe';

describe('the book of what was ingested', () => {
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
  const book = (chainId = 1): PostgresIngestedTokens => new PostgresIngestedTokens(pool, chainId);
  const kept = async (chainId = 1): Promise<KeptTokens | null> => {
    const told = await book(chainId).read();
    return told === null ? null : { ...told, tokens: told.tokens.toSorted() };
  };

  it('tells nothing of a chain that was not begun, and no tokens of one that has none', async () => {
    await book().add({ revision: 5n, eventId: ID, tokens: ['0xa'] });
    expect(await kept()).toBeNull();
    await book().begin({ revision: 5n, eventId: ID, tokens: [] });
    expect(await kept()).toEqual({ revision: 5n, eventId: ID, tokens: [] });
  });

  it('goes on with what is added, each token once, and each chain for itself', async () => {
    await book().begin({ revision: 5n, eventId: ID, tokens: ['0xa', '0xa'] });
    await book().add({ revision: 9n, eventId: OTHER_ID, tokens: ['0xa', '0xb'] });
    await book(2).begin({ revision: 1n, eventId: ID, tokens: ['0xc'] });
    expect(await kept()).toEqual({ revision: 9n, eventId: OTHER_ID, tokens: ['0xa', '0xb'] });
    expect(await kept(2)).toEqual({ revision: 1n, eventId: ID, tokens: ['0xc'] });
  });

  it('is not moved back by one who was overtaken', async () => {
    await book().begin({ revision: 9n, eventId: ID, tokens: ['0xa'] });
    await book().add({ revision: 8n, eventId: OTHER_ID, tokens: ['0xb'] });
    expect(await kept()).toEqual({ revision: 9n, eventId: ID, tokens: ['0xa'] });
  });

  it('forgets what it had where it is begun anew', async () => {
    await book().begin({ revision: 9n, eventId: ID, tokens: ['0xa'] });
    await book().begin({ revision: 2n, eventId: OTHER_ID, tokens: ['0xb'] });
    expect(await kept()).toEqual({ revision: 2n, eventId: OTHER_ID, tokens: ['0xb'] });
  });
});
