import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreAccessError, MemoryEventStore } from '@abland/event-store';
import {
  DomainError,
  EventStoreUnavailableError,
  LogMismatchError,
  type NewEvent,
  silentLogger,
  whenAborted,
} from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import pg from 'pg';
import { v5 as uuidv5 } from 'uuid';
import { migrateProcesses } from '../migrations/migrate.js';
import { loadCheckpoint } from './checkpoints.js';
import type { ProcessCommand } from './process-command.js';
import type { Process } from './process.js';
import { requireLogOfProcesses } from './require-log.js';
import { type RunningProcess, startProcess } from './start-process.js';

const event = (name: string): NewEvent => ({
  id: uuidv5(name, uuidv5.URL),
  type: 'UserSignedIn',
  version: 1,
  data: { address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8', at: '2026-01-01T00:00:00.000Z' },
  metadata: { correlationId: name, causationId: null, actor: 'test' },
});

/** As node-postgres throws what PostgreSQL answered. */
const answeredWith = (code: string): Error => Object.assign(new Error(code), { code, severity: 'ERROR' });

/** A command whose handling is the test's. */
const command = (causeId: string, handle: () => Promise<void>): ProcessCommand => ({
  stream: `user-${causeId}`,
  type: 'Test',
  command: {},
  cause: { id: causeId, causationId: causeId, correlationId: 'test' },
  async handle() {
    await handle();
    return { state: null, revision: null, position: null, appended: 0, events: [] };
  },
});

describe('a process', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: MemoryEventStore;
  const running: RunningProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined);
    await migrateProcesses(pool);
    await pool.query('CREATE TABLE seen (event_id text PRIMARY KEY)');
    store = new MemoryEventStore();
    told.splice(0);
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
    await store.close();
    await pool.end();
    await database.drop();
  });

  /** What operators were warned of. */
  const told: object[] = [];
  const start = (process: Process, log = store): RunningProcess => {
    const clock = Date.now;
    const loud = { ...silentLogger, warn: (fields: object) => void told.push(fields) };
    const logger = { ...loud, child: () => loud };
    const options = { process, store: log, pool, clock, logger };
    const started = startProcess({
      ...options,
      standbyIntervalMs: 20,
      tickIntervalMs: 20,
      failedPauseMs: 100,
    });
    running.push(started);
    return started;
  };

  /** Records every event that it sees, and fails where a repetition comes through. */
  const recorder = (name: string, handle: () => Promise<void> = () => Promise.resolve()): Process => ({
    name,
    filter: {},
    async react(turn, events) {
      await turn.issue(events.map(({ id }) => command(id, handle)));
      for (const { id } of events) await turn.client.query('INSERT INTO seen VALUES ($1)', [id]);
    },
  });

  /** As an instance on another machine would take it, which never renews it. */
  const leaseToAnother = (ttlMs: number): Promise<unknown> =>
    pool.query(
      `INSERT INTO leases.leases (name, holder, epoch, taken_at, expires_at)
       VALUES ('test', gen_random_uuid(), 1, now(), clock_timestamp() + $1 * interval '1 ms')
       ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, epoch = leases.epoch + 1, expires_at = EXCLUDED.expires_at, ttl_ms = NULL`,
      [ttlMs],
    );
  const seen = async (): Promise<number> => (await pool.query('SELECT * FROM seen')).rowCount ?? 0;
  const append = (...names: readonly string[]) => store.append('user-a', names.map(event), 'any');

  it('sees every event once, over restarts', async () => {
    await append('1', '2');
    const first = start(recorder('test'));
    await eventually(async () => expect(await seen()).toBe(2));
    await first.stop();
    await append('3');
    start(recorder('test'));
    await append('4');
    await eventually(async () => expect(await seen()).toBe(4));
    expect(await loadCheckpoint(pool, 'test')).toEqual({
      position: 4n,
      known: { position: 4n, event: { id: event('4').id, stream: 'user-a', revision: '3' } },
    });
  });

  it('moves its checkpoint only with its rows, and after its commands', async () => {
    let failures = 2;
    const handle = (): Promise<void> =>
      failures-- > 0 ? Promise.reject(new EventStoreUnavailableError('gone')) : Promise.resolve();
    await append('1');
    start(recorder('test', handle));
    await eventually(async () => expect(await seen()).toBe(1));
    expect(failures).toBe(-1);
  });

  it('goes on after a command that is refused', async () => {
    await append('1');
    const process = start(recorder('test', () => Promise.reject(new DomainError('NO', 'no'))));
    await eventually(async () => expect(await seen()).toBe(1));
    expect((await process.status()).parked).toBe(0);
  });

  it('parks a command that can never be done, and goes on', async () => {
    await append('1', '2');
    const process = start(recorder('test', () => Promise.reject(new TypeError('a defect'))));
    await eventually(async () => expect(await seen()).toBe(2));
    // Its rows are there before it has heard of its commit.
    const status = { leading: true, live: true, parked: 2, failure: null };
    await eventually(async () => expect(await process.status()).toMatchObject(status));
    const parked = await pool.query('SELECT code, reason, stack FROM processes.parked');
    const stack = expect.stringMatching(/a defect\n\s+at /);
    expect(parked.rows[0]).toEqual({ code: 'UNEXPECTED', reason: 'a defect', stack });
  });

  it.each([
    ['a store that refuses our login', () => new EventStoreAccessError('refused')],
    ['another log', () => new LogMismatchError('another')],
    ['a password that PostgreSQL does not take', () => answeredWith('28P01')],
    ['a right that was taken away', () => answeredWith('42501')],
    ['a damaged table', () => answeredWith('XX001')],
  ])('parks no command for %s, and does it once that is put right', async (_, refusal) => {
    let refusals = 0;
    const handle = (): Promise<void> =>
      (refusals += 1) === 1 ? Promise.reject(refusal()) : Promise.resolve();
    await append('1');
    const process = start(recorder('test', handle));
    await eventually(async () => expect(await seen()).toBe(1));
    expect(refusals).toBe(2);
    expect((await process.status()).parked).toBe(0);
  });

  it('has achieved nothing while what runs beside its turns cannot begin, and pauses ever longer', async () => {
    await append('1');
    let runs = 0;
    let isAway = true;
    const work: Process['work'] = async (signal, _take, begun) => {
      runs += 1;
      await sleep(20); // so that the log is followed before
      if (isAway) throw new EventStoreUnavailableError('gone');
      begun();
      await whenAborted(signal);
    };
    const process = start({ ...recorder('test'), work });
    await eventually(() => expect(runs).toBeGreaterThan(3));
    expect(await process.status()).toMatchObject({ progressAgeMs: null });
    isAway = false;
    await eventually(async () =>
      expect(await process.status()).toMatchObject({ state: 'RUNNING', failure: null }),
    );
  });

  it('comes round while nothing comes, and tells where it does not any more though nothing fails', async () => {
    const hanging = Promise.withResolvers<void>();
    const process = start(recorder('test', () => hanging.promise));
    await eventually(async () => expect((await process.status()).state).toBe('RUNNING'));
    await append('1');
    const turnAge = (): number => process.progress().turnAgeMs ?? 0;
    // Longer than between two looks at the log.
    while (turnAge() < 2_500) await sleep(20);
    expect(process.progress()).toMatchObject({ failure: null, leading: true });
    hanging.resolve();
  });

  it('tells what interrupts it', async () => {
    await append('1');
    const process = start(recorder('test', () => Promise.reject(new EventStoreUnavailableError('gone'))));
    await eventually(async () => expect((await process.status()).failure?.message).toBe('gone'));
    expect(await seen()).toBe(0);
  });

  it('runs once at a time: another instance stands by and takes over', async () => {
    const first = start(recorder('test'));
    await eventually(async () => expect((await first.status()).leading).toBe(true));
    const second = start(recorder('test'));
    await append('1');
    await eventually(async () => expect(await seen()).toBe(1));
    expect((await second.status()).leading).toBe(false);
    await first.stop();
    await append('2');
    await eventually(async () => expect(await seen()).toBe(2));
    expect((await second.status()).leading).toBe(true);
  });

  it('leads again after its connections were cut', async () => {
    const process = start(recorder('test'));
    await eventually(async () => expect((await process.status()).leading).toBe(true));
    await pool.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await append('1');
    await eventually(async () => expect(await seen()).toBe(1));
  });

  it('takes over from an instance that is gone without a word, once its lease has expired', async () => {
    await leaseToAnother(3_600_000);
    const process = start(recorder('test'));
    await append('1');
    await eventually(async () => expect((await process.status()).state).toBe('STANDBY'));
    expect(await seen()).toBe(0);
    await pool.query(`UPDATE leases.leases SET expires_at = '-infinity'`);
    await eventually(async () => expect(await seen()).toBe(1));
  });

  it('writes nothing once another may lead, however late it learns of it', async () => {
    const { promise: thaw, resolve: goOn } = Promise.withResolvers<void>();
    let commands = 0;
    const frozen: Process = {
      ...recorder('test'),
      async react(turn, events) {
        commands += 1;
        await recorder('test').react(turn, events);
      },
    };
    const log = new MemoryEventStore();
    const subscribe = log.subscribeToAll.bind(log);
    log.subscribeToAll = async function* (options) {
      for await (const batch of subscribe(options)) {
        if (batch.events.length > 0) await thaw;
        yield batch;
      }
    };
    const process = start(frozen, log);
    await log.append('user-a', [event('1')], 'any');
    await eventually(async () => expect((await process.status()).leading).toBe(true));
    await pool.query(`UPDATE leases.leases SET expires_at = '-infinity'`);
    await leaseToAnother(60_000);
    goOn();
    await eventually(async () => expect((await process.status()).state).toBe('STANDBY'));
    expect([await seen(), commands]).toEqual([0, 0]);
  });

  const refuses = (process: RunningProcess): Promise<void> =>
    eventually(async () =>
      expect(await process.status()).toMatchObject({ state: 'FAILED', failure: { code: 'LOG_MISMATCH' } }),
    );

  it('refuses a log that is shorter than its checkpoint', async () => {
    await append('1', '2');
    const first = start(recorder('test'));
    await eventually(async () => expect(await seen()).toBe(2));
    await first.stop();
    const other = new MemoryEventStore();
    await refuses(start(recorder('test'), other));
  });

  it('refuses a log that is longer than its checkpoint and not the one that it was taken from', async () => {
    await append('1', '2');
    const first = start(recorder('test'));
    await eventually(async () => expect(await seen()).toBe(2));
    await first.stop();
    const other = new MemoryEventStore();
    await other.append('user-a', ['5', '6', '7'].map(event), 'any');
    await refuses(start(recorder('test'), other));
  });

  it.each([
    ['has grown past it since', 9],
    ['is shorter than it yet', 1_000],
  ])('leaves nothing out of a log that its checkpoint was put ahead of, which %s', async (_, ahead) => {
    await append('1', '2');
    const first = start(recorder('test'));
    await eventually(async () => expect(await loadCheckpoint(pool, 'test')).toMatchObject({ position: 2n }));
    await first.stop();
    await pool.query('UPDATE processes.checkpoints SET position = $1', [ahead]);
    await append('3', '4', '5', '6', '7', '8', '9', '10');
    const second = start(recorder('test'));
    await eventually(async () => expect(await seen()).toBe(10));
    expect(second.progress().failure).toBeNull();
    const repair = { checkpoint: `${ahead}`, goesOnAt: '3', eventId: event('3').id };
    expect(told).toEqual([expect.objectContaining(repair)]);
    await eventually(async () => expect(await loadCheckpoint(pool, 'test')).toMatchObject({ position: 10n }));
  });

  it('says of a log that the state is not of it before anything is written there', async () => {
    await append('1', '2');
    await expect(requireLogOfProcesses(pool, store)).resolves.toBeUndefined();
    const first = start(recorder('test'));
    await eventually(async () => expect(await loadCheckpoint(pool, 'test')).toMatchObject({ position: 2n }));
    await first.stop();
    await expect(requireLogOfProcesses(pool, store)).resolves.toBeUndefined();
    await expect(requireLogOfProcesses(pool, new MemoryEventStore())).rejects.toMatchObject({
      code: 'LOG_MISMATCH',
    });
  });

  it('follows less while its state has nothing that the rest could change, and all from the event on that brings it something', async () => {
    const asked = (name: string): NewEvent => ({ ...event(name), type: 'UserRegistered' });
    const quiet: Process = {
      ...recorder('test'),
      quiet: {
        filter: { types: ['UserRegistered'] },
        isSo: async (client) => (await client.query('SELECT FROM seen')).rowCount === 0,
        endsWith: ({ type }) => type === 'UserRegistered',
      },
    };
    const all = [event('1'), event('2'), asked('3'), event('4'), asked('5'), event('6')];
    await store.append('user-a', all, 'any');
    const first = start(quiet);
    await eventually(async () => expect(await seen()).toBe(4));
    await first.stop();
    await append('7');
    start(quiet);
    await eventually(async () => expect(await seen()).toBe(5));
    const { rows } = await pool.query<{ event_id: string }>('SELECT event_id FROM seen');
    expect(new Set(rows.map((row) => row.event_id))).toEqual(
      new Set(['3', '4', '5', '6', '7'].map((name) => event(name).id)),
    );
  });

  it('knows its log even where it held nothing for it', async () => {
    await append('1', '2');
    const deaf: Process = { ...recorder('test'), filter: { types: ['UserErased'] } };
    const first = start(deaf);
    await eventually(async () => expect(await loadCheckpoint(pool, 'test')).toMatchObject({ position: 2n }));
    await first.stop();
    const second = start(deaf);
    await eventually(async () => expect((await second.status()).live).toBe(true));
    await second.stop();
    expect(told).toEqual([]);
    const other = new MemoryEventStore();
    await other.append('user-a', ['5', '6', '7'].map(event), 'any');
    await refuses(start(deaf, other));
  });

  it('starts again after it ran on an empty log', async () => {
    const first = start(recorder('test'));
    await eventually(async () => expect((await first.status()).live).toBe(true));
    await first.stop();
    const second = start(recorder('test'));
    await eventually(async () => expect((await second.status()).live).toBe(true));
    await second.stop();
    const third = start(recorder('test'));
    await append('1');
    await eventually(async () => expect(await seen()).toBe(1));
    expect((await third.status()).failure).toBeNull();
  });

  it('gives up a turn that takes too long, and gets through with fewer events', async () => {
    await append('1', '2', '3', '4', '5', '6', '7', '8');
    let events = 0;
    const committed: number[] = [];
    const slow: Process = {
      ...recorder('test'),
      async react(turn, batch) {
        events = batch.length;
        await new Promise((resolve) => setTimeout(resolve, batch.length * 100));
        await recorder('test').react(turn, batch);
      },
      committed: () => void committed.push(events),
    };
    const options = { process: slow, store, pool, clock: Date.now, logger: silentLogger };
    running.push(startProcess({ ...options, turnMsMax: 450 }));
    await eventually(async () => expect(await seen()).toBe(8));
    expect(Math.max(...committed)).toBeLessThan(5);
  });

  it('is given as many events as before once its turns are quick again', async () => {
    const names = Array.from({ length: 30 }, (_, index) => String(index));
    await append(...names);
    const sizes: number[] = [];
    let isSlow = true;
    const slow: Process = {
      ...recorder('test'),
      async react(turn, batch) {
        sizes.push(batch.length);
        isSlow &&= batch.length > 2;
        if (isSlow) await sleep(3_500);
        await recorder('test').react(turn, batch);
      },
    };
    const options = { process: slow, store, pool, clock: Date.now, logger: silentLogger };
    running.push(startProcess({ ...options, batchSize: 10, turnMsMax: 2_500 }));
    await eventually(async () => expect(await seen()).toBe(30));
    expect(sizes).toEqual([10, 5, 2, ...sizes.slice(3)]);
    expect(Math.max(...sizes.slice(3))).toBeGreaterThan(4);
  });

  it('looks at the clock while it leads', async () => {
    let ticks = 0;
    const ticking: Process = {
      ...recorder('test'),
      tick: () => {
        ticks += 1;
        return Promise.resolve();
      },
    };
    start(ticking);
    await eventually(() => expect(ticks).toBeGreaterThan(2));
  });
});
