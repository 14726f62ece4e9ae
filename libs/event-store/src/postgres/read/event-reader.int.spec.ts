import {
  type EventStore,
  InvariantViolation,
  type RecordedEvent,
  silentLogger,
  WrongExpectedRevisionError,
} from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { collect, followUntil, idsOf, sampleEvent, sampleEvents } from '../../laws/sample-events.js';
import { CopyRows } from './copy-rows.js';
import { openPostgresEventStore } from '../postgres-event-store.js';

const MEBIBYTE = 1_024 * 1_024;
const PAGE_BYTES_MAX = 9 * MEBIBYTE;

/** An empty log whose first part ends at a position, with parts as long after it. */
async function cutFirstPart(admin: pg.Client, size: number): Promise<void> {
  await admin.query(`UPDATE event_store.log SET partition_size = ${size}, partitioned_to = ${size};
    ALTER TABLE event_store.events DETACH PARTITION event_store.events_from_0000000000000000001;
    ALTER TABLE event_store.events ATTACH PARTITION event_store.events_from_0000000000000000001
      FOR VALUES FROM (1) TO (${size + 1})`);
}

describe('reading of the PostgreSQL event store', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let store: EventStore;
  beforeEach(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
  });
  afterEach(async () => {
    await store.close();
    await admin.end();
    await database.drop();
  });

  it('takes every name for a name', async () => {
    await store.append('victim', sampleEvents(2), 'no_stream');
    const names = [
      `victim' OR '1' = '1`,
      `\\' OR 1 = 1 --`,
      'victim\0',
      '$1',
      `');DROP TABLE event_store.events;--`,
      '💣',
    ];
    for (const name of names) {
      expect(await collect(store.readStream(name))).toEqual([]);
      expect(await collect(store.readAll({ filter: { types: [name] } }))).toEqual([]);
      expect(await collect(store.readAll({ filter: { streamPrefixes: [name] } }))).toEqual([]);
    }
    expect(await collect(store.readStream('victim'))).toHaveLength(2);
    expect(await collect(store.readAll({ filter: { types: [], streamPrefixes: ['victim'] } }))).toEqual([]);
  });

  it('fails where an event is damaged, and reads on where it was mended', async () => {
    await store.append('stream', sampleEvents(3), 'no_stream');
    const { rows } = await admin.query<{ data: string }>(
      'SELECT data FROM event_store.events WHERE position = 2',
    );
    await admin.query(`UPDATE event_store.events SET data = '{"torn' WHERE position = 2`);
    await expect(collect(store.readAll())).rejects.toThrow(SyntaxError);
    await admin.query('UPDATE event_store.events SET data = $1 WHERE position = 2', [rows[0]?.data]);
    expect(await collect(store.readAll())).toHaveLength(3);
  });

  it('refuses to read over an event of a stream that is missing instead of skipping it', async () => {
    await store.append('s', sampleEvents(4), 'no_stream');
    await store.append('s', sampleEvents(3), 3n);
    await admin.query('DELETE FROM event_store.events WHERE position = 2');
    await expect(collect(store.readStream('s'))).rejects.toThrow(InvariantViolation);
    await expect(collect(store.readStream('s', { from: 1n }))).rejects.toThrow(InvariantViolation);
    await expect(collect(store.readStream('s', { direction: 'backward' }))).rejects.toThrow(
      InvariantViolation,
    );
    expect(await collect(store.readStream('s', { from: 2n }))).toHaveLength(5);
  });

  it('reads what is left of streams in parts that were detached, and refuses what is not', async () => {
    await cutFirstPart(admin, 5);
    await store.append('whole', sampleEvents(2), 'no_stream');
    await store.append('both', sampleEvents(2), 'no_stream');
    const across = sampleEvents(4);
    await store.append('both', across, 1n);
    await store.append('both', sampleEvents(1), 5n);
    await admin.query('SELECT event_store.detach_oldest_partition()');
    const refused = { name: 'InvariantViolation', message: expect.stringContaining('is detached') };
    for (const options of [{}, { direction: 'backward' }, { from: 1n }] as const) {
      await expect(collect(store.readStream('whole', options))).rejects.toMatchObject(refused);
    }
    expect(await collect(store.readStream('whole', { from: 2n }))).toEqual([]);
    await expect(collect(store.readStream('both'))).rejects.toMatchObject(refused);
    await expect(collect(store.readStream('both', { from: 2n }))).rejects.toMatchObject(refused);
    expect(idsOf(await collect(store.readStream('both', { from: 3n, maxCount: 3 })))).toEqual(
      idsOf(across.slice(1)),
    );
    expect(await collect(store.readStream('both', { direction: 'backward', maxCount: 4 }))).toHaveLength(4);
    await store.append('both', sampleEvents(1), 6n);
    await expect(store.append('both', sampleEvents(1), 6n)).rejects.toThrow(WrongExpectedRevisionError);
  });

  it('reads all again once the parts are attached, the one detached last before the others', async () => {
    await cutFirstPart(admin, 5);
    for (const stream of ['a', 'b', 'c']) await store.append(stream, sampleEvents(4), 'no_stream');
    await store.append('a', sampleEvents(3), 3n);
    const log = await collect(store.readAll());
    const detach = async (): Promise<string> => {
      const { rows } = await admin.query<{ part: string }>(
        'SELECT event_store.detach_oldest_partition() AS part',
      );
      return rows[0]?.part ?? '';
    };
    const attach = (part: string): Promise<unknown> =>
      admin.query('SELECT event_store.attach_partition($1)', [part]);
    const [first, second] = [await detach(), await detach()];
    await expect(attach(first)).rejects.toThrow('another part is missing');
    await attach(second);
    expect(await collect(store.readStream('c'))).toHaveLength(4);
    await expect(collect(store.readStream('b'))).rejects.toThrow(InvariantViolation);
    expect(await collect(store.readStream('b', { from: 1n }))).toHaveLength(3);
    await attach(first);
    for (const stream of ['a', 'b', 'c']) {
      const events = log.filter((event) => event.stream === stream);
      expect(await collect(store.readStream(stream))).toEqual(events);
    }
    expect(await collect(store.readAll())).toEqual(log);
    expect((await admin.query('SELECT * FROM event_store.detached_streams')).rows).toEqual([]);
  });

  it('leaves the connection usable after a statement that PostgreSQL refuses, at its start and in its middle', async () => {
    const read = (select: string): Promise<number> => new CopyRows(select, () => true).runOn(admin);
    await expect(read('SELECT * FROM nowhere')).rejects.toThrow('does not exist');
    await expect(read('SELECT 1 / (5000 - n) FROM generate_series(1, 10000) AS n')).rejects.toThrow(
      'division by zero',
    );
    await expect(read('SELECT n FROM generate_series(1, 10) AS n')).resolves.toBe(0);
    expect((await admin.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('reading of large events from PostgreSQL', () => {
  let database: TestDatabase;
  let store: EventStore;
  let ids: string[];
  const sizesOf = (pages: readonly (readonly RecordedEvent[])[]): number[] =>
    pages.map((page) =>
      Buffer.byteLength(JSON.stringify(page, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value))),
    );
  const pagesOf = async (
    pages: AsyncIterable<readonly RecordedEvent[]>,
  ): Promise<{ ids: string[]; largest: number; count: number }> => {
    const read: (readonly RecordedEvent[])[] = [];
    for await (const page of pages) read.push(page);
    return { ids: idsOf(read.flat()), largest: Math.max(...sizesOf(read)), count: read.length };
  };
  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    const events = Array.from({ length: 24 }, (_, index) =>
      sampleEvent({ index, text: 'é'.repeat(MEBIBYTE / 2) }, index % 2 === 0 ? 'Even' : 'Odd'),
    );
    for (const event of events) await store.append('large', [event], 'any');
    await store.append('small', sampleEvents(100), 'any');
    ids = idsOf(events);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  it('gives all of them in pages that end by their size', async () => {
    const all = await pagesOf(store.readAll());
    expect(all.ids.slice(0, 24)).toEqual(ids);
    expect(all.ids).toHaveLength(124);
    expect(all.largest).toBeLessThan(PAGE_BYTES_MAX);
    expect(all.count).toBeGreaterThan(2);
    const stream = await pagesOf(store.readStream('large'));
    expect(stream.ids).toEqual(ids);
    expect(stream.largest).toBeLessThan(PAGE_BYTES_MAX);
  });

  it('backwards and filtered as well', async () => {
    expect((await pagesOf(store.readStream('large', { direction: 'backward' }))).ids).toEqual(
      [...ids].reverse(),
    );
    expect((await pagesOf(store.readAll({ direction: 'backward' }))).ids.slice(100)).toEqual(
      [...ids].reverse(),
    );
    const odd = await pagesOf(store.readAll({ filter: { types: ['Odd'] } }));
    expect(odd.ids).toEqual(ids.filter((_, index) => index % 2 === 1));
    expect(odd.largest).toBeLessThan(PAGE_BYTES_MAX);
  });

  it('and a subscriber misses none', async () => {
    const seen = await followUntil(store, { batchSize: 10 }, (events) => events.length >= 124);
    expect(idsOf(seen.slice(0, 24))).toEqual(ids);
  });
});
