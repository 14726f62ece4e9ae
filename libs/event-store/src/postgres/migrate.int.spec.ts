import { randomUUID } from 'node:crypto';
import { type EventStore, silentLogger, WrongExpectedRevisionError } from '@abland/kernel';
import { applyMigrations } from '@abland/postgres';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { collect, idsOf, sampleEvent, sampleEvents } from '../laws/sample-events.js';
import { createLog } from './migrations/0001-create-log.js';
import { createSnapshots } from './migrations/0002-create-snapshots.js';
import { dropSnapshots } from './migrations/0003-drop-snapshots.js';
import { appendAhead } from './migrations/0004-append-ahead.js';
import { openPostgresEventStore } from './postgres-event-store.js';

describe('a log that an earlier version has written', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: EventStore | undefined;
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
  });
  afterEach(async () => {
    await store?.close();
    await pool.end();
    await database.drop();
  });

  const write = (
    stream: string,
    ids: readonly string[],
    position: number,
    revision: number,
  ): Promise<unknown> =>
    pool.query(
      `INSERT INTO event_store.events
        (position, revision, recorded_at, event_id, version, stream, type, data, metadata)
       SELECT $1 + place, $2 + place, now(), id, 1, $3, 'SampleHappened', '{}', '{}'
       FROM unnest($4::uuid[]) WITH ORDINALITY AS events (id, place)`,
      [position - 1, revision - 1, stream, ids],
    );
  const indexes = async (): Promise<string[]> => {
    const { rows } = await pool.query<{ indexdef: string }>(
      "SELECT indexdef FROM pg_indexes WHERE schemaname = 'event_store' AND indexdef LIKE '%(stream, revision)%' ORDER BY tablename",
    );
    return rows.map(({ indexdef }) => (indexdef.endsWith('WHERE (run_length > 0)') ? 'runs' : 'events'));
  };

  it('is read, appended to and repeated as before, and only parts that are full keep their index of every event', async () => {
    await applyMigrations(pool, 'event_store', [createLog, createSnapshots, dropSnapshots, appendAhead]);
    await pool.query(`UPDATE event_store.log SET partition_size = 10, partitioned_to = 10;
      ALTER TABLE event_store.events DETACH PARTITION event_store.events_from_0000000000000000001;
      ALTER TABLE event_store.events ATTACH PARTITION event_store.events_from_0000000000000000001 FOR VALUES FROM (1) TO (11);
      SELECT event_store.add_partition(); SELECT event_store.add_partition()`);
    const old = Array.from({ length: 12 }, () => randomUUID());
    await write('one', old, 1, 0);
    await write('two', [randomUUID()], 13, 0);
    expect(await indexes()).toEqual(['events', 'events', 'events']);

    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    expect(await indexes()).toEqual(['events', 'runs', 'runs']);
    const added = sampleEvents(5);
    expect(await store.append('one', added, 11n)).toMatchObject({ position: 18n, revision: 16n });
    expect(await store.append('one', added, 11n)).toMatchObject({ position: 18n, duplicate: true });
    await expect(store.append('two', sampleEvents(1), 'no_stream')).rejects.toThrow(
      WrongExpectedRevisionError,
    );
    const repeated = old.slice(8, 10).map((id) => ({ ...sampleEvent(), id }));
    expect(await store.append('one', repeated, 'any')).toMatchObject({ revision: 9n, duplicate: true });
    const wanted = [...old, ...idsOf(added)];
    expect(idsOf(await collect(store.readStream('one')))).toEqual(wanted);
    expect(idsOf(await collect(store.readStream('one', { direction: 'backward', from: 13n })))).toEqual(
      wanted.slice(0, 14).reverse(),
    );
    expect(await collect(store.readAll())).toHaveLength(18);
  });

  it('may be written on by a process of that version: what says nothing of runs is one each', async () => {
    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    const ids = Array.from({ length: 3 }, () => randomUUID());
    await write('one', ids, 1, 0);
    const added = sampleEvents(2);
    await store.append('one', added, 2n);
    expect(idsOf(await collect(store.readStream('one', { from: 1n })))).toEqual([
      ...ids.slice(1),
      ...idsOf(added),
    ]);
  });
});
