import { inspect } from 'node:util';
import { LogMismatchError, type RecordedEvent, silentLogger } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  type LogImporter,
  MemoryEventStore,
  openPostgresEventStore,
  PostgresImporter,
  UnknownEventStoreError,
} from '@abland/event-store';
import { EventStoreDbEventStore, EventStoreDbImporter } from '@abland/event-store/eventstoredb';
import { StandInServer } from '@abland/testing/eventstoredb';
import { collect, sampleEvent, sampleEvents } from '@abland/event-store/sample-events';
import { copyLog } from './copy-log.js';
import type { CopyProgress } from './copy-progress.js';
import { copyStore, LogCopyRefusedError } from './copy-stores.js';

/** A log of the year 2020: nobody could take its times for those of a copy. */
async function oldLog(): Promise<MemoryEventStore> {
  let now = Date.parse('2020-01-01T00:00:00.000Z');
  const store = new MemoryEventStore(() => (now += 17));
  for (let index = 0; index < 60; index += 1) {
    await store.append(
      `order-${index % 7}`,
      sampleEvents((index % 3) + 1, index % 2 ? 'Odd' : 'Even'),
      'any',
    );
  }
  await store.append('chain-1', sampleEvents(2_200, 'Swap'), 'any');
  await store.append(
    'order-1',
    [sampleEvent({ text: 'a\nb\\n\u2028"quoted"', empty: {}, none: null })],
    'any',
  );
  return store;
}

/** All that must be the same on every store. */
const recorded = (events: readonly RecordedEvent[]): readonly object[] =>
  events.map(({ position: _position, ...event }) => event);

interface Target {
  readonly url: string;
  readonly open: () => Promise<Awaited<ReturnType<typeof openPostgresEventStore>>>;
  readonly importer: () => LogImporter;
  readonly remove: () => Promise<void>;
}

async function postgresTarget(): Promise<Target> {
  const database: TestDatabase = await createTestDatabase();
  const { url } = database;
  const open = () => openPostgresEventStore({ connectionString: url, logger: silentLogger });
  await (await open()).close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('UPDATE event_store.log SET partition_size = 1500'); // so that pages cross parts
  await client.end();
  return { url, open, importer: () => new PostgresImporter(url), remove: () => database.drop() };
}

async function standInTarget(): Promise<Target> {
  const server = await StandInServer.start();
  const { url } = server;
  return {
    url,
    open: async () => new EventStoreDbEventStore({ connectionString: url, logger: silentLogger }),
    importer: () => new EventStoreDbImporter(url),
    remove: async () => server.kill(),
  };
}

describe.each([
  ['PostgreSQL', postgresTarget],
  ['a stand-in for EventStoreDB (not the real one)', standInTarget],
])('a copy to %s', (_name, start) => {
  let target: Target;
  let to: Awaited<ReturnType<Target['open']>>;
  let importer: LogImporter;
  beforeEach(async () => {
    target = await start();
    to = await target.open();
    importer = target.importer();
  });
  afterEach(async () => {
    await importer.close();
    await to.close();
    await target.remove();
  });

  it('is the same log with the same recorded times, and tells how far it is', async () => {
    const from = await oldLog();
    const told: CopyProgress[] = [];
    const report = await copyLog({ from, to, importer, onProgress: (progress) => told.push(progress) });
    expect(recorded(await collect(to.readAll()))).toEqual(recorded(await collect(from.readAll())));
    for (const stream of ['order-1', 'chain-1']) {
      expect(recorded(await collect(to.readStream(stream)))).toEqual(
        recorded(await collect(from.readStream(stream))),
      );
    }
    expect(report).toMatchObject({ copied: report.events });
    expect(told.filter(({ share }) => share === 1).map(({ phase }) => phase)).toEqual([
      'copying',
      'verifying',
    ]);
  });

  it('goes on with what the source got since, and has nothing to do where that is nothing', async () => {
    const from = await oldLog();
    const first = await copyLog({ from, to, importer });
    await from.append('order-1', sampleEvents(2), 'any');
    await from.append('order-new', sampleEvents(1), 'any');
    expect(await copyLog({ from, to, importer })).toMatchObject({ copied: 3n, events: first.events + 3n });
    expect(await copyLog({ from, to, importer })).toMatchObject({ copied: 0n, events: first.events + 3n });
  });

  it('can be stopped and goes on where it was', async () => {
    const from = await oldLog();
    const abort = new AbortController();
    const stopping: LogImporter = {
      add: async (events) => {
        await importer.add(events);
        abort.abort();
      },
      flush: () => importer.flush(),
      close: () => importer.close(),
    };
    const { signal } = abort;
    await expect(copyLog({ from, to, importer: stopping, signal })).rejects.toThrow('aborted');
    await importer.flush();
    const report = await copyLog({ from, to, importer });
    expect(report.copied).toBeLessThan(report.events);
    expect(report.copied).toBeGreaterThan(0n);
  });

  it('can be written to as any other log', async () => {
    const from = await oldLog();
    await copyLog({ from, to, importer });
    const last = (await collect(from.readStream('order-2'))).at(-1)?.revision ?? 0n;
    const { revision } = await to.append('order-2', sampleEvents(1), last);
    expect(revision).toBe(last + 1n);
    const newest = (await collect(to.readAll())).at(-1);
    expect(Math.abs(Date.parse(newest?.recordedAt ?? '') - Date.now())).toBeLessThan(60_000);
  });

  it('is refused before anything is written where the target holds something else', async () => {
    const from = await oldLog();
    const [first] = await collect(from.readAll({ maxCount: 1 }));
    // The same event at the same place, but another one before it in the log.
    await to.append('elsewhere', sampleEvents(1), 'no_stream');
    await to.append('order-0', [first as RecordedEvent], 'no_stream');
    await expect(copyLog({ from, to, importer })).rejects.toThrow(LogMismatchError);
    await to.append('order-0', sampleEvents(1), 0n);
    await expect(copyLog({ from, to, importer })).rejects.toThrow(LogMismatchError);
    expect(await collect(to.readAll())).toHaveLength(3);
  });

  it('ends where somebody else writes to the target', async () => {
    const from = await oldLog();
    const disturbed: LogImporter = {
      add: async (events) => {
        await importer.add(events);
        await importer.flush();
        const end = (await collect(to.readStream('chain-1'))).at(-1)?.revision;
        await to.append('chain-1', sampleEvents(1), end ?? 'no_stream');
      },
      flush: () => importer.flush(),
      close: () => importer.close(),
    };
    await expect(copyLog({ from, to, importer: disturbed })).rejects.toThrow(LogMismatchError);
  });
});

describe('a copy by appends', () => {
  it('keeps order, ids and revisions', async () => {
    const [from, to] = [await oldLog(), new MemoryEventStore()];
    await copyLog({ from, to });
    const untimed = (events: readonly RecordedEvent[]): readonly object[] =>
      events.map(({ recordedAt: _recordedAt, ...event }) => event);
    expect(untimed(await collect(to.readAll()))).toEqual(untimed(await collect(from.readAll())));
  });
});

describe('a copy from URL to URL', () => {
  let source: Target;
  let target: Target;
  let server: Target;
  beforeAll(async () => {
    [source, target, server] = await Promise.all([postgresTarget(), postgresTarget(), standInTarget()]);
    const importer = source.importer();
    for await (const page of (await oldLog()).readAll()) await importer.add(page);
    await importer.flush();
    await importer.close();
  });
  afterAll(async () => {
    await Promise.all([source, target, server].map(({ remove }) => remove()));
  });
  const copy = (fromUrl: string, toUrl: string): ReturnType<typeof copyStore> =>
    copyStore({ fromUrl, toUrl, logger: silentLogger });

  it('goes from PostgreSQL to EventStoreDB and back, and is the same log', async () => {
    const there = await copy(source.url, server.url);
    const back = await copy(server.url, target.url);
    expect(back).toEqual(there);
    const [from, to] = [await source.open(), await target.open()];
    // Positions as well, since both begin at 1.
    expect(await collect(to.readAll())).toEqual(await collect(from.readAll()));
    await from.close();
    await to.close();
  });

  it('is refused to itself, under any name', async () => {
    await expect(copy(source.url, `${source.url}?application_name=x`)).rejects.toThrow(LogCopyRefusedError);
    const otherName = new URL(source.url);
    otherName.hostname = otherName.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
    await expect(copy(source.url, otherName.href)).rejects.toThrow(LogCopyRefusedError);
    await expect(copy(server.url, server.url)).rejects.toThrow(LogCopyRefusedError);
  });

  it('is refused from an empty log', async () => {
    const empty = await postgresTarget();
    await expect(copy(empty.url, server.url)).rejects.toThrow('The source holds no events');
    await empty.remove();
  });

  it('tells of a URL that it does not know or cannot reach, without its password', async () => {
    const failures = await Promise.all(
      ['mysql://user:hunter2@host/db', 'user:hunter2@host', 'postgres://user:hunter2@127.0.0.1:1/db'].map(
        async (url) => copy(url, server.url).catch((error: unknown) => error),
      ),
    );
    expect(failures[0]).toBeInstanceOf(UnknownEventStoreError);
    expect(failures[1]).toBeInstanceOf(UnknownEventStoreError);
    expect(failures[2]).toMatchObject({
      code: 'EVENT_STORE_UNAVAILABLE',
      cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
    });
    for (const failure of failures) {
      expect(inspect(failure)).not.toContain('hunter2');
    }
  });
});
