import { type Decider, type DomainEvent, silentLogger } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { sampleEvents } from '../laws/sample-events.js';
import { MemoryEventStore } from '../memory/memory-event-store.js';
import { migrateEventStore } from '../postgres/migrate.js';
import { PostgresSnapshotStore } from './postgres-snapshot-store.js';
import { type SnapshotCodec, SnapshotLoader } from './snapshot-loader.js';
import { MemorySnapshotStore, type SnapshotStore } from './snapshot-store.js';

interface Tally {
  readonly events: bigint;
}
const decider: Decider<never, Tally, DomainEvent> = {
  initialState: { events: 0n },
  decide: () => [],
  evolve: ({ events }) => ({ events: events + 1n }),
};
const codec = (codeVersion: string): SnapshotCodec<Tally> => ({
  codeVersion,
  encode: ({ events }) => events.toString(),
  decode: (text) => ({ events: BigInt(text as string) }),
});

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  await migrateEventStore(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe.each<[string, () => SnapshotStore]>([
  ['memory', () => new MemorySnapshotStore()],
  ['PostgreSQL', () => new PostgresSnapshotStore(pool)],
])('snapshots in %s', (name, open) => {
  it('spare the fold of what they stand for and give the same state', async () => {
    const store = new MemoryEventStore();
    const loader = new SnapshotLoader(store, open(), silentLogger);
    const stream = `long-${name}`;
    await store.append(stream, sampleEvents(250), 'any');
    expect(await loader.load(decider, codec('1'), stream)).toMatchObject({
      state: { events: 250n },
      folded: 250,
    });
    await loader.settle();
    await store.append(stream, sampleEvents(3), 'any');
    expect(await loader.load(decider, codec('1'), stream)).toEqual({
      state: { events: 253n },
      revision: 252n,
      folded: 3,
    });
  });

  it('of another version of the code are ignored', async () => {
    const store = new MemoryEventStore();
    const loader = new SnapshotLoader(store, open(), silentLogger);
    const stream = `versioned-${name}`;
    await store.append(stream, sampleEvents(300), 'any');
    await loader.load(decider, codec('1'), stream);
    await loader.settle();
    expect(await loader.load(decider, codec('2'), stream)).toMatchObject({ folded: 300 });
  });

  it('are never trusted over the log', async () => {
    const snapshots = open();
    const stream = `other-${name}`;
    const first = new MemoryEventStore();
    await first.append(stream, sampleEvents(300), 'any');
    const loader = new SnapshotLoader(first, snapshots, silentLogger);
    await loader.load(decider, codec('1'), stream);
    await loader.settle();
    for (const count of [5, 400]) {
      const recreated = new MemoryEventStore();
      await recreated.append(stream, sampleEvents(count), 'any');
      const other = new SnapshotLoader(recreated, snapshots, silentLogger);
      expect(await other.load(decider, codec('1'), stream)).toMatchObject({
        state: { events: BigInt(count) },
      });
    }
  });

  it('that cannot be saved do not fail the load', async () => {
    const store = new MemoryEventStore();
    const failing: SnapshotStore = { load: async () => null, save: () => Promise.reject(new Error('full')) };
    const loader = new SnapshotLoader(store, failing, silentLogger);
    await store.append('s', sampleEvents(250), 'any');
    expect(await loader.load(decider, codec('1'), 's')).toMatchObject({ folded: 250 });
    await loader.settle();
  });
});
