import { type EventStore, type Revision, silentLogger } from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { sampleEvents } from '../../laws/sample-events.js';
import { openPostgresEventStore } from '../postgres-event-store.js';

const STORED = 6_000;

describe('a log that was not analyzed yet', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  beforeEach(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });
  afterEach(async () => {
    await admin.end();
    await database.drop();
  });

  /** What is counted of a connection is told once it is closed. */
  async function withStore(work: (store: EventStore) => Promise<void>): Promise<void> {
    const store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    await work(store);
    await store.close();
  }
  const append = async (store: EventStore, count: number, after: Revision): Promise<Revision> =>
    (await store.append('s', sampleEvents(count), after)).revision;
  /** Events that were read by going through a part of the log, and rows that were inserted, as far as it was told. */
  async function counted(): Promise<{ readonly read: number; readonly inserted: number }> {
    const { rows } = await admin.query<{ read: string; inserted: string }>(
      `SELECT sum(seq_tup_read) AS read, sum(n_tup_ins) AS inserted FROM pg_stat_user_tables
       WHERE schemaname = 'event_store' AND relname LIKE 'events%'`,
    );
    return { read: Number(rows[0]?.read), inserted: Number(rows[0]?.inserted) };
  }
  const told = (inserted: number): Promise<void> =>
    eventually(async () => expect((await counted()).inserted).toBeGreaterThanOrEqual(inserted));

  it('is not gone through by appends: each id is looked up, also by who began when the log was empty', async () => {
    let last: Revision = -1n;
    await withStore(async (store) => {
      await admin.query(
        `ALTER TABLE event_store.events_from_0000000000000000001 SET (autovacuum_enabled = false)`,
      );
      last = (await store.append('s', sampleEvents(1), 'no_stream')).revision;
      for (let stored = 1; stored < STORED; stored += 1_000) last = await append(store, 1_000, last);
    });
    await told(6_001);
    const before = await counted();
    expect(before.read).toBeLessThan(STORED);
    await withStore(async (store) => {
      last = await append(store, 20, last); // under the lock
      last = await append(store, 500, last); // ahead of it
    });
    await told(6_521);
    expect((await counted()).read).toBe(before.read);
  });
});
