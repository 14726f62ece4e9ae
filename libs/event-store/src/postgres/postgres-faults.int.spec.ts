import { setTimeout as sleep } from 'node:timers/promises';
import {
  EventStoreUnavailableError,
  type EventStore,
  InvariantViolation,
  type RecordedEvent,
  silentLogger,
} from '@abland/kernel';
import { createTestDatabase, type TestDatabase, untilOneWaits } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { collect, followUntil, idsOf, sampleEvents } from '../laws/sample-events.js';
import { openPostgresEventStore } from './postgres-event-store.js';

const CUT_ALL =
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';

describe('PostgreSQL event store', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  const opened: EventStore[] = [];
  const open = async (): Promise<EventStore> => {
    const store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    opened.push(store);
    return store;
  };
  beforeEach(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    await admin.end();
    await database.drop();
  });

  it('numbers the log without gaps from 1 across stores, refused and repeated appends', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    await Promise.all(
      stores.flatMap((store) =>
        Array.from({ length: 30 }, async (_, index) => {
          const events = sampleEvents((index % 3) + 1);
          await store.append(`stream-${index % 7}`, events, 'any');
          await store.append(`stream-${index % 7}`, events, 'any');
          await store.append(`stream-${index % 7}`, sampleEvents(1), 'no_stream').catch(() => undefined);
        }),
      ),
    );
    const log = await collect(stores[0].readAll());
    expect(log).toHaveLength(3 * 10 * (1 + 2 + 3));
    expect(log.map(({ position }) => position)).toEqual(log.map((_, index) => BigInt(index + 1)));
  });

  it('leaves no gap and no order broken where a transaction holds the log and rolls back', async () => {
    const store = await open();
    const seen = followUntil(store, {}, (events) => events.length >= 20);
    await admin.query('BEGIN');
    await admin.query('SELECT * FROM event_store.log FOR UPDATE');
    const appends = Array.from({ length: 20 }, (_, index) =>
      store.append(`s-${index}`, sampleEvents(1), 'any'),
    );
    await sleep(200);
    expect(await store.head()).toBeNull();
    await admin.query('ROLLBACK');
    await Promise.all(appends);
    expect((await seen).map(({ position }) => position)).toEqual(
      Array.from({ length: 20 }, (_, i) => BigInt(i + 1)),
    );
  });

  it('tells a caller that an append cut off may be repeated, and the repetition stores it once', async () => {
    const store = await open();
    await store.append('s', sampleEvents(1), 'no_stream');
    await admin.query('BEGIN');
    await admin.query('SELECT * FROM event_store.log FOR UPDATE');
    const events = sampleEvents(3);
    const cut = store.append('s', events, 0n);
    const outcome = expect(cut).rejects.toThrow(EventStoreUnavailableError);
    await untilOneWaits(admin);
    await admin.query(CUT_ALL);
    await outcome;
    await admin.query('ROLLBACK');
    expect(await store.append('s', events, 0n)).toMatchObject({ revision: 3n, duplicate: false });
    expect(await store.append('s', events, 0n)).toMatchObject({ revision: 3n, duplicate: true });
  });

  it('delivers every event once and in order to a subscriber whose connections are cut', async () => {
    const [store, writer] = [await open(), await open()];
    const seen = followUntil(store, { batchSize: 10 }, (events) => events.length >= 300);
    for (let index = 0; index < 100; index += 1) {
      const events = sampleEvents(3);
      const append = async (): Promise<unknown> =>
        writer.append(`s-${index % 5}`, events, 'any').catch((error: unknown) => {
          expect(error).toBeInstanceOf(EventStoreUnavailableError);
          return append();
        });
      await append();
      if (index % 25 === 10) await admin.query(CUT_ALL);
    }
    const delivered = await seen;
    expect(delivered.map(({ position }) => position)).toEqual(delivered.map((_, index) => BigInt(index + 1)));
    expect(idsOf(delivered)).toEqual(idsOf(await collect(writer.readAll())));
  });

  it('delivers by polling when notifications are lost', async () => {
    const [store, writer] = [await open(), await open()];
    const seen = followUntil(store, {}, (events) => events.length >= 2);
    await writer.append('s', sampleEvents(1), 'any');
    await sleep(300);
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()",
    );
    await writer.append('s', sampleEvents(1), 'any');
    expect(await seen).toHaveLength(2);
  });

  it('is led nowhere by whoever notifies a position that is none, or none yet', async () => {
    const store = await open();
    await store.append('s', sampleEvents(1), 'any');
    const whole = followUntil(store, {}, (events) => events.length >= 2);
    const prefixed = followUntil(
      store,
      { filter: { streamPrefixes: ['s'] } },
      (events) => events.length >= 2,
    );
    await sleep(300);
    await admin.query("NOTIFY event_store, 'x'; NOTIFY event_store, '-5'; NOTIFY event_store, '999999'");
    await sleep(300);
    await store.append('s', sampleEvents(1), 'any');
    expect((await whole).map(({ position }) => position)).toEqual([1n, 2n]);
    expect((await prefixed).map(({ position }) => position)).toEqual([1n, 2n]);
  });

  it('adds partitions ahead of the log and reads across them', async () => {
    await open();
    await admin.query('UPDATE event_store.log SET partition_size = 10, partitioned_to = 0');
    const { rows: parts } = await admin.query<{ part: string }>(
      "SELECT inhrelid::regclass::text AS part FROM pg_inherits WHERE inhparent = 'event_store.events'::regclass",
    );
    for (const { part } of parts) await admin.query(`DROP TABLE ${part}`);
    const store = await open();
    await store.append('large', sampleEvents(35), 'any');
    for (let index = 0; index < 40; index += 1) await store.append(`s-${index % 3}`, sampleEvents(1), 'any');
    const { rows } = await admin.query<{ count: string }>(
      "SELECT count(*) FROM pg_inherits WHERE inhparent = 'event_store.events'::regclass",
    );
    expect(Number(rows[0]?.count)).toBeGreaterThanOrEqual(8);
    const forward = await collect(store.readAll({ pageSize: 7 }));
    expect(forward.map(({ position }) => position)).toEqual(
      Array.from({ length: 75 }, (_, i) => BigInt(i + 1)),
    );
    expect(idsOf(await collect(store.readAll({ direction: 'backward' })))).toEqual(idsOf(forward).reverse());
    expect(await collect(store.readStream('large'))).toHaveLength(35);
    expect((await collect(store.readStream('s-1'))).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 13 }, (_, i) => BigInt(i)),
    );
  });

  it('keeps the revisions of streams whose part of the log was detached, and does not read over the part', async () => {
    const store = await open();
    await admin.query('UPDATE event_store.log SET partition_size = 10');
    await store.append('old', sampleEvents(3), 'any');
    await admin.query(
      'UPDATE event_store.log SET partitioned_to = 10; ALTER TABLE event_store.events DETACH PARTITION event_store.events_from_0000000000000000001',
    );
    await admin.query(
      'ALTER TABLE event_store.events ATTACH PARTITION event_store.events_from_0000000000000000001 FOR VALUES FROM (1) TO (11)',
    );
    await store.append('new', sampleEvents(12), 'any');
    await admin.query('SELECT event_store.detach_oldest_partition()');
    await expect(store.append('old', sampleEvents(1), 'no_stream')).rejects.toMatchObject({ actual: 2n });
    expect(await store.append('old', sampleEvents(1), 2n)).toMatchObject({ revision: 3n, position: 16n });
    expect(await collect(store.readAll({ after: 10n }))).toHaveLength(6);
    await expect(collect(store.readAll())).rejects.toThrow(InvariantViolation);
    await expect(admin.query('SELECT event_store.detach_oldest_partition()')).rejects.toThrow(
      'cannot be detached',
    );
  });

  it('refuses to read over a part of the log that is missing instead of skipping it', async () => {
    const store = await open();
    await store.append('s', sampleEvents(9), 'any');
    await admin.query('DELETE FROM event_store.events WHERE position = 4');
    const seen: RecordedEvent[] = [];
    const reading = (async () => {
      for await (const page of store.readAll({ pageSize: 3 })) seen.push(...page);
    })();
    await expect(reading).rejects.toThrow(InvariantViolation);
    expect(seen).toHaveLength(3);
  });

  it('reports a store that cannot be reached as unavailable', async () => {
    const store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    await store.close();
    await expect(store.append('s', sampleEvents(1), 'any')).rejects.toThrow(EventStoreUnavailableError);
  });
});
