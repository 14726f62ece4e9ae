import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import type { PublisherReport } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrateLogStream } from '../postgres/migrate.js';
import { PostgresHeartbeats } from './postgres-heartbeats.js';

describe('the heartbeats of publishers', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let heartbeats: PostgresHeartbeats;
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    await migrateLogStream(pool);
    heartbeats = new PostgresHeartbeats(pool);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  const following: PublisherReport = {
    chainId: 7,
    state: 'FOLLOWING',
    reason: null,
    head: { number: 12, hash: `0x${'12'.repeat(32)}`, time: 1_700_000_000 },
    published: 11,
    contactAgeMs: 400,
  };

  it('are the newest of each chain, with what it told and how old that is', async () => {
    expect(await heartbeats.last(7)).toBeNull();
    await heartbeats.tell(following);
    const silent = { state: 'STARTING', head: null, published: null, contactAgeMs: null } as const;
    await heartbeats.tell({ ...following, ...silent, chainId: 8 });
    expect(await heartbeats.last(7)).toMatchObject({ ...following, contactAgeMs: expect.any(Number) });
    expect((await heartbeats.last(7))?.contactAgeMs).toBeGreaterThanOrEqual(400);
    expect(await heartbeats.last(8)).toMatchObject({ ...silent, chainId: 8, reason: null });
    const first = (await heartbeats.last(7))?.ageMs ?? Infinity;
    await sleep(30);
    expect((await heartbeats.last(7))?.ageMs).toBeGreaterThan(first);
  });

  it('tell for how long a state has been the same, whoever told it', async () => {
    await heartbeats.tell(following);
    await sleep(60);
    await new PostgresHeartbeats(pool).tell({ ...following, published: 12 });
    const same = await heartbeats.last(7);
    expect(same).toMatchObject({ published: 12 });
    expect(same?.stateAgeMs).toBeGreaterThanOrEqual(60);
    await heartbeats.tell({ ...following, state: 'BEHIND', reason: 'CHAIN_BEHIND' });
    const changed = await heartbeats.last(7);
    expect(changed).toMatchObject({ state: 'BEHIND', reason: 'CHAIN_BEHIND' });
    expect(changed?.stateAgeMs).toBeLessThan(same?.stateAgeMs ?? 0);
  });
});
