import { randomUUID } from 'node:crypto';
import { type EventStore, silentLogger } from '@abland/kernel';
import { createTestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EventIndex, openEventIndex, openPostgresEventStore } from '@abland/event-store';
import { EventStoreDbEventStore } from '@abland/event-store/eventstoredb';
import { StandInServer } from '@abland/testing/eventstoredb';
import { collect, sampleEvents } from '@abland/event-store/sample-events';
import { findEvent } from './inspect-log.js';

async function postgres(): Promise<{ url: string; store: EventStore; remove: () => Promise<void> }> {
  const { url, drop } = await createTestDatabase();
  return {
    url,
    store: await openPostgresEventStore({ connectionString: url, logger: silentLogger }),
    remove: drop,
  };
}
async function standIn(): Promise<{ url: string; store: EventStore; remove: () => Promise<void> }> {
  const server = await StandInServer.start();
  const store = new EventStoreDbEventStore({ connectionString: server.url, logger: silentLogger });
  return { url: server.url, store, remove: async () => server.kill() };
}

describe.each([
  ['PostgreSQL', postgres],
  ['a stand-in for EventStoreDB (not the real one)', standIn],
])('an event in %s', (_name, open) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let index: EventIndex;
  const searched: bigint[] = [];
  beforeAll(async () => {
    opened = await open();
    index = await openEventIndex(opened.url);
    for (let round = 0; round < 3; round += 1) {
      await opened.store.append('one', sampleEvents(2), 'any');
      await opened.store.append('other', sampleEvents(2), 'any');
    }
  });
  afterAll(async () => {
    await index.close();
    await opened.store.close();
    await opened.remove();
  });
  const find = (name: Parameters<typeof findEvent>[2]): ReturnType<typeof findEvent> =>
    findEvent(opened.store, index, name, (events) => searched.push(events));

  it('is found by its position, its id, and its place in its stream', async () => {
    for (const event of await collect(opened.store.readAll())) {
      const { id, position, stream, revision } = event;
      expect(await find({ position })).toEqual(event);
      expect(await find({ id })).toEqual(event);
      expect(await find({ stream, revision })).toEqual(event);
    }
  });

  it('that is not there is not found', async () => {
    const head = (await opened.store.head()) ?? 0n;
    for (const position of [0n, head + 1n, head + 1_000_000n, 2n ** 64n - 1n]) {
      expect(await find({ position })).toBeNull();
    }
    expect(await find({ id: randomUUID() })).toBeNull();
    expect(await find({ stream: 'one', revision: 1_000n })).toBeNull();
    expect(await find({ stream: 'none', revision: 0n })).toBeNull();
  });

  it('is searched for only where there is no index', () => {
    expect(searched.length > 0).toBe(index.placeOf === undefined);
  });
});
