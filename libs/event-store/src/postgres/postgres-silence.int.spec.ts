import { type EventStore, EventStoreUnavailableError, silentLogger } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import { createTestDatabase, Gate, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { collect, sampleEvents } from '../laws/sample-events.js';
import { openPostgresEventStore } from './postgres-event-store.js';

/** Twenty seconds are promised, of a machine that has nothing else to do. */
const ANSWERED_WITHIN_MS = 60_000;

/** As where the server is stopped, or the network has forgotten the connections. */
describe('PostgreSQL event store on a server that says nothing', () => {
  let database: TestDatabase;
  let gate: Gate;
  let store: EventStore;
  beforeEach(async () => {
    database = await createTestDatabase();
    gate = await Gate.inFrontOf(database.url);
    store = await openPostgresEventStore({ connectionString: gate.url, logger: silentLogger });
    await store.append('s', sampleEvents(1), 'no_stream');
  });
  afterEach(async () => {
    await store.close();
    await gate.close();
    await database.drop();
  });

  it('refuses whatever is asked of it after a bounded time, and closes', async () => {
    gate.deafen({ alsoNew: true });
    const begun = performance.now();
    const asked = [
      store.append('s', sampleEvents(1), 'any'),
      new Promise((resolve) => setTimeout(resolve, 200)).then(() =>
        store.append('t', sampleEvents(1), 'any'),
      ),
      store.head(),
      collect(store.readStream('s')),
      collect(store.readAll()),
    ];
    for (const result of await Promise.allSettled(asked)) {
      expect(result).toEqual({ status: 'rejected', reason: expect.any(EventStoreUnavailableError) });
    }
    expect(performance.now() - begun).toBeLessThan(ANSWERED_WITHIN_MS);
    await store.close();
  });

  it('answers over new connections where only those it had are silent', async () => {
    gate.deafen({ alsoNew: false });
    await Promise.allSettled([store.append('s', sampleEvents(1), 'any'), store.head()]);
    expect(await store.append('s', sampleEvents(1), 'any')).toMatchObject({ revision: 1n });
    expect(await collect(store.readStream('s'))).toHaveLength(2);
  });

  it('appends over a new connection where one of its pool was found to be silent', async () => {
    const pool = openPool({ connectionString: gate.url, name: 'shared', max: 2, logger: silentLogger });
    const at = { connectionString: gate.url, pool, logger: silentLogger };
    const shared = await openPostgresEventStore(at);
    try {
      await shared.append('t', sampleEvents(1), 'no_stream');
      gate.deafen({ alsoNew: false });
      const asked = pool.query({ text: 'SELECT 1', query_timeout: 200 } as pg.QueryConfig);
      await expect(asked).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      expect(await shared.append('t', sampleEvents(1), 0n)).toMatchObject({ revision: 1n });
    } finally {
      await shared.close();
      await pool.end();
    }
  });
});
