import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, failureClassOf } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { copyIn, copyMessages } from './copy-in.js';
import { PostgresClient } from './postgres-client.js';

const COPY = 'COPY numbers (n) FROM STDIN';

describe('rows that are copied in', () => {
  let database: TestDatabase;
  let client: PostgresClient;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new PostgresClient({ connectionString: database.url, pipeline: true });
    await client.connect();
    await client.query('CREATE TABLE numbers (n int PRIMARY KEY)');
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const rows = (...lines: readonly string[]) =>
    copyMessages(Buffer.from(lines.map((n) => `${n}\n`).join('')));
  const count = async (): Promise<number> =>
    Number((await client.query('SELECT count(*) FROM numbers')).rows[0].count);

  it('stand between the statements that were sent before and after them', async () => {
    const [before, , after] = await Promise.all([count(), copyIn(client, COPY, rows('1', '2')), count()]);
    expect([before, after]).toEqual([0, 2]);
  });

  it('are dropped where PostgreSQL refuses them, and what was sent after them is answered', async () => {
    const [refused, unknown, after] = await Promise.allSettled([
      copyIn(client, COPY, rows('3', '1')),
      copyIn(client, 'COPY nowhere (n) FROM STDIN', rows('4')),
      count(),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: '23505' } });
    expect(unknown).toMatchObject({ status: 'rejected', reason: { code: '42P01' } });
    expect(after).toEqual({ status: 'fulfilled', value: 2 });
  });

  it('fail by their class', async () => {
    await client.query('BEGIN READ ONLY');
    const error: unknown = await copyIn(client, COPY, rows('3')).catch((failure: unknown) => failure);
    await client.query('ROLLBACK');
    expect([failureClassOf(error), codeOf(error)]).toEqual(['LATER', 'DATABASE_READ_ONLY']);
  });

  it('may be none', async () => {
    await copyIn(client, COPY, rows());
    expect(await count()).toBe(2);
  });
});
