import { afterEach, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { untilOneWaits } from './waiting-for-locks.js';

let database: TestDatabase;
const clients: pg.Client[] = [];
const connected = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: database.url });
  clients.push(client);
  await client.connect();
  return client;
};
beforeEach(async () => void (database = await createTestDatabase()));
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await database.drop();
});

it('who holds a lock sees that somebody waits for it, who connected only after the first look', async () => {
  const holder = await connected();
  await holder.query('CREATE TABLE held (id integer)');
  await holder.query('BEGIN; LOCK TABLE held');
  await holder.query('SELECT FROM pg_stat_activity');
  const waiter = await connected();
  const waiting = waiter.query('SELECT FROM held');
  await untilOneWaits(holder);
  await holder.query('ROLLBACK');
  expect((await waiting).rows).toEqual([]);
});
