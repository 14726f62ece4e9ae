import {
  type AggregateLog,
  type CommandContext,
  type Decider,
  type DomainEvent,
  type EventStore,
  handleCommand,
  type Json,
  loadAggregate,
  silentLogger,
} from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { MemoryEventStore, openPostgresEventStore } from '@abland/event-store';
import { EventStoreDbEventStore } from '@abland/event-store/eventstoredb';
import { StandInServer } from '@abland/testing/eventstoredb';
import { collect, sampleEvent, sampleEvents } from '@abland/event-store/sample-events';
import { migrateSnapshots, PostgresSnapshotStore } from './postgres-snapshot-store.js';
import { SnapshotLoader } from './snapshot-loader.js';
import { MemorySnapshotStore, type SnapshotStore } from './snapshot-store.js';
import { withSnapshots } from './with-snapshots.js';

interface Tally {
  readonly events: number;
  readonly last: Json;
}
/** A second command of the same kind is not seen from the state: only its event id tells that it is repeated. */
const tally = (stateVersion = 1): Decider<number, Tally, DomainEvent> => ({
  initialState: { events: 0, last: null },
  decide: (amount) => [{ type: 'Counted', version: 1, data: { amount } }],
  evolve: ({ events }, { data }) => ({ events: events + 1, last: data }),
  stateVersion,
});
const context = (id: string = randomUUID()): CommandContext => ({
  metadata: { correlationId: 'c', causationId: null, actor: 'test' },
  eventId: () => id,
});

let database: TestDatabase;
let pool: pg.Pool;
let standIn: StandInServer;
const opened: EventStore[] = [];
beforeAll(async () => {
  [database, standIn] = await Promise.all([createTestDatabase(), StandInServer.start()]);
  pool = new pg.Pool({ connectionString: database.url });
  pool.on('error', () => undefined); // dropping the database ends idle connections
  await migrateSnapshots(pool);
});
afterAll(async () => {
  for (const store of opened) await store.close();
  standIn.kill();
  await pool.end();
  await database.drop();
});

/** A log with snapshots, and how much of it was read. */
class Subject {
  eventsRead = 0;
  readonly aggregates: SnapshotLoader;
  readonly log: AggregateLog;

  constructor(
    readonly store: EventStore,
    snapshots: SnapshotStore,
  ) {
    const counting = Object.assign(Object.create(store) as EventStore, {
      readStream: (...args: Parameters<EventStore['readStream']>) => this.counted(store.readStream(...args)),
    });
    this.aggregates = new SnapshotLoader({ store: counting, snapshots, logger: silentLogger });
    this.log = Object.assign(counting, { aggregates: this.aggregates });
  }

  private async *counted(pages: ReturnType<EventStore['readStream']>): ReturnType<EventStore['readStream']> {
    for await (const page of pages) {
      this.eventsRead += page.length;
      yield page;
    }
  }

  /** Loads, waits for what that set in motion, and tells how many events were read for the load. */
  async load(stream: string, stateVersion = 1): Promise<{ events: number; read: number }> {
    this.eventsRead = 0;
    const { state } = await loadAggregate(this.log, tally(stateVersion), stream);
    const read = this.eventsRead;
    await this.aggregates.settle();
    return { events: state.events, read };
  }
}

describe.each<[string, () => SnapshotStore]>([
  ['memory', () => new MemorySnapshotStore()],
  ['PostgreSQL', () => new PostgresSnapshotStore(pool)],
])('snapshots in %s', (name, open) => {
  it('spare the fold of what they stand for and give the same state', async () => {
    const subject = new Subject(new MemoryEventStore(), open());
    const stream = `long-${name}`;
    await subject.store.append(stream, sampleEvents(250), 'any');
    expect(await subject.load(stream)).toEqual({ events: 250, read: 250 });
    await subject.store.append(stream, sampleEvents(3), 'any');
    // The snapshot's own event is read too.
    expect(await subject.load(stream)).toEqual({ events: 253, read: 4 });
    expect(await loadAggregate(subject.log, tally(), stream)).toEqual(
      await loadAggregate(subject.store, tally(), stream),
    );
  });

  it('of another version of the code are ignored and replaced', async () => {
    const subject = new Subject(new MemoryEventStore(), open());
    const stream = `versioned-${name}`;
    await subject.store.append(stream, sampleEvents(300), 'any');
    await subject.load(stream, 1);
    expect(await subject.load(stream, 2)).toEqual({ events: 300, read: 300 });
    expect(await subject.load(stream, 2)).toEqual({ events: 300, read: 1 });
  });

  it.each([
    ['shorter', 5],
    ['equal', 300],
    ['longer', 400],
  ])('of a log that was made anew (%s) are ignored and replaced', async (length, count) => {
    const snapshots = open();
    const stream = `other-${name}-${length}`;
    // The same events, as a replay gives them: only when they were recorded differs.
    const events = sampleEvents(400);
    const first = new Subject(new MemoryEventStore(() => 1_000), snapshots);
    await first.store.append(stream, events.slice(0, 300), 'any');
    await first.load(stream);
    const recreated = new Subject(new MemoryEventStore(), snapshots);
    await recreated.store.append(stream, events.slice(0, count), 'any');
    expect(await recreated.load(stream)).toMatchObject({ events: count });
    expect(recreated.aggregates.statistics).toMatchObject({ used: 0, otherLog: 1, saved: 1 });
    expect(await recreated.load(stream)).toEqual({ events: count, read: 1 });
  });

  it('recognise a command that they stand for, without deciding it again', async () => {
    const subject = new Subject(new MemoryEventStore(), open());
    const stream = `repeated-${name}`;
    const early = context();
    await handleCommand(subject.log, tally(), stream, 1, early);
    await subject.store.append(stream, sampleEvents(300), 'any');
    await subject.load(stream);
    expect(await handleCommand(subject.log, tally(), stream, 1, early)).toMatchObject({ appended: 0 });
    expect(await handleCommand(subject.log, tally(), stream, 1, context())).toMatchObject({ appended: 1 });
  });
});

describe('snapshots of streams', () => {
  it.each<[string, () => Promise<EventStore>]>([
    ['PostgreSQL', () => openPostgresEventStore({ connectionString: database.url, logger: silentLogger })],
    [
      'EventStoreDB (a stand-in)',
      async () => new EventStoreDbEventStore({ connectionString: standIn.url, logger: silentLogger }),
    ],
  ])('in %s are used, and repetitions recognised', async (name, open) => {
    const store = await open();
    opened.push(store);
    const subject = new Subject(store, new PostgresSnapshotStore(pool));
    const stream = `stream-${name.slice(0, 5)}`;
    const early = context();
    await handleCommand(subject.log, tally(), stream, 1, early);
    await store.append(stream, sampleEvents(260), 'any');
    await subject.load(stream);
    const { state } = await handleCommand(subject.log, tally(), stream, 7, context());
    expect(state).toEqual({ events: 262, last: { amount: 7 } });
    expect(subject.aggregates.statistics).toMatchObject({ used: 1, saved: 1 });
    expect(await handleCommand(subject.log, tally(), stream, 1, early)).toMatchObject({ appended: 0 });
    expect(await collect(store.readStream(stream))).toHaveLength(262);
  });
});

describe('a snapshot', () => {
  it('is made of a command’s stream when enough was folded, and not before', async () => {
    const subject = new Subject(new MemoryEventStore(), new MemorySnapshotStore());
    for (let index = 0; index < 202; index += 1) {
      expect(subject.aggregates.statistics.saved).toBe(index <= 200 ? 0 : 1);
      await handleCommand(subject.log, tally(), 'counted', index, context());
      await subject.aggregates.settle();
    }
    expect(subject.aggregates.statistics).toMatchObject({ saved: 1, used: 1 });
  });

  it('that was changed in its table is ignored and replaced', async () => {
    const subject = new Subject(new MemoryEventStore(), new PostgresSnapshotStore(pool));
    await subject.store.append('changed', sampleEvents(250), 'any');
    await subject.load('changed');
    await pool.query(
      `UPDATE snapshots.aggregates SET state = replace(state, '250', '999') WHERE stream = 'changed'`,
    );
    expect(await subject.load('changed')).toEqual({ events: 250, read: 250 });
    expect(subject.aggregates.statistics).toMatchObject({ damaged: 1 });
    expect(await subject.load('changed')).toEqual({ events: 250, read: 1 });
  });

  it('is held against the log each time its stream has doubled', async () => {
    const snapshots = new MemorySnapshotStore();
    const subject = new Subject(new MemoryEventStore(), snapshots);
    await subject.store.append('doubled', sampleEvents(300), 'any');
    await subject.load('doubled');
    const saved = await snapshots.load('doubled');
    if (saved === null) throw new Error('no snapshot');
    await snapshots.save({ ...saved, state: { events: 1_000, last: null } });
    await subject.store.append('doubled', sampleEvents(200), 'any');
    // Wrong, as a defect of ours would make it, until the stream has doubled.
    expect((await subject.load('doubled')).events).toBe(1_200);
    await subject.store.append('doubled', sampleEvents(200), 'any');
    await subject.load('doubled');
    expect(subject.aggregates.statistics).toMatchObject({ verified: 1, differed: 1 });
    expect(await subject.load('doubled')).toEqual({ events: 700, read: 1 });
  });

  it('holds of a person what the log without keys tells', async () => {
    const sealed = new MemoryEventStore();
    await sealed.append('person', sampleEvents(210), 'any');
    await sealed.append('person', [sampleEvent({ name: 'sealed' }, 'ProfileUpdated')], 'any');
    const opening = Object.assign(Object.create(sealed) as EventStore, {
      readStream: () => {
        throw new Error('It would be opened');
      },
    });
    const log = await withSnapshots(opening, { pool, logger: silentLogger, sealed });
    expect((await loadAggregate(log, tally(), 'person')).state.events).toBe(211);
    await log.aggregates.settle();
    const kept = await new PostgresSnapshotStore(pool).load('person');
    expect(kept?.state).toEqual({ events: 211, last: { name: 'sealed' } });
    await log.aggregates.close();
  });

  it('that cannot be loaded or saved fails no command', async () => {
    const failing: SnapshotStore = {
      load: () => Promise.reject(new Error('away')),
      save: () => Promise.reject(new Error('full')),
    };
    const subject = new Subject(new MemoryEventStore(), failing);
    await subject.store.append('s', sampleEvents(250), 'any');
    expect(await handleCommand(subject.log, tally(), 's', 1, context())).toMatchObject({ appended: 1 });
    await subject.aggregates.settle();
    expect(subject.aggregates.statistics).toMatchObject({ unavailable: 1, failed: 1 });
  });

  it('delays no command', async () => {
    const hanging: SnapshotStore = { load: async () => null, save: () => new Promise(() => undefined) };
    const subject = new Subject(new MemoryEventStore(), hanging);
    await subject.store.append('s', sampleEvents(250), 'any');
    expect(await handleCommand(subject.log, tally(), 's', 1, context())).toMatchObject({ appended: 1 });
    expect(await handleCommand(subject.log, tally(), 's', 1, context())).toMatchObject({ appended: 1 });
  });

  it('is not made of a state that JSON does not keep, nor of a decider without a version', async () => {
    const subject = new Subject(new MemoryEventStore(), new MemorySnapshotStore());
    await subject.store.append('s', sampleEvents(250), 'any');
    const big: Decider<number, Date, DomainEvent> = {
      initialState: new Date(0),
      decide: () => [],
      evolve: (date) => date,
      stateVersion: 1,
    };
    await loadAggregate(subject.log, big, 's');
    const { stateVersion: _stateVersion, ...unversioned } = tally();
    expect((await loadAggregate(subject.log, unversioned, 's')).state.events).toBe(250);
    await subject.aggregates.settle();
    expect(subject.aggregates.statistics).toMatchObject({ saved: 0, failed: 1 });
  });
});
