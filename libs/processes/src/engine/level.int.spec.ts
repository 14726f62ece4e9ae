import { MemoryEventStore } from '@abland/event-store';
import { EventStoreUnavailableError, type NewEvent, silentLogger, whenAborted } from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { v5 as uuidv5 } from 'uuid';
import { migrateProcesses } from '../migrations/migrate.js';
import type { Process } from './process.js';
import { type RunningProcess, startProcess } from './start-process.js';

const event = (name: string): NewEvent => ({
  ...{ id: uuidv5(name, uuidv5.URL), type: 'UserSignedIn', version: 1, data: {} },
  metadata: { correlationId: name, causationId: null, actor: 'test' },
});

describe('what a process does beside its fold', () => {
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
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
    await store.close();
    await pool.end();
    await database.drop();
  });

  const append = (...names: readonly string[]) => store.append('user-a', names.map(event), 'any');
  /** Keeps every event that it sees. */
  const recorder = (handle: () => Promise<void>): Process => ({
    name: 'test',
    filter: {},
    async react({ client }, events) {
      for (const { id } of events) {
        await handle();
        await client.query('INSERT INTO seen VALUES ($1)', [id]);
      }
    },
  });

  it('is done once that is level with the log, and after an interruption once it is so again', async () => {
    const names = Array.from({ length: 6 }, (_, index) => String(index));
    await append(...names.slice(0, 3));
    const [ticked, worked]: [number[], number[]] = [[], []];
    let interruptions = 0;
    const handle = (): Promise<void> =>
      (interruptions += 1) === 5 ? Promise.reject(new EventStoreUnavailableError('gone')) : Promise.resolve();
    const process: Process = {
      ...recorder(handle),
      tick: async ({ client }) => {
        ticked.push((await client.query('SELECT FROM seen')).rowCount ?? 0);
      },
      work: async (signal, take, begun) => {
        await take(async ({ client }) => {
          worked.push((await client.query('SELECT FROM seen')).rowCount ?? 0);
        });
        begun();
        await whenAborted(signal);
      },
    };
    const run = { process, store, pool, clock: Date.now, logger: silentLogger };
    const started = startProcess({ ...run, batchSize: 1, tickIntervalMs: 1 });
    running.push(started);
    await eventually(() => expect([ticked.length > 0, worked.length]).toEqual([true, 1]));
    expect([ticked[0], worked[0]]).toEqual([3, 3]);
    await started.stop();
    ticked.splice(0);
    await append(...names.slice(3));
    running.push(startProcess({ ...run, batchSize: 1, tickIntervalMs: 1 }));
    await eventually(() => expect([ticked.length > 0, worked.length]).toEqual([true, 2]));
    expect(interruptions).toBe(7);
    expect([ticked[0], worked[1]]).toEqual([6, 6]);
  });

  it('waits for the end of a log, while the process gets on and does not stand', async () => {
    const goOn = Promise.withResolvers<void>();
    await append('1', '2');
    let handled = 0;
    const handle = (): Promise<void> => ((handled += 1) < 2 ? Promise.resolve() : goOn.promise);
    const begun: number[] = [];
    const process = { ...recorder(handle), tick: () => Promise.resolve(void begun.push(handled)) };
    const started = startProcess({
      process,
      store,
      pool,
      clock: Date.now,
      logger: silentLogger,
      batchSize: 1,
    });
    running.push(started);
    await eventually(() => expect(started.progress().progressAgeMs).not.toBeNull());
    expect([started.progress().state, begun]).toEqual(['RUNNING', []]);
    goOn.resolve();
    await eventually(() => expect(begun[0]).toBe(2));
  });
});
