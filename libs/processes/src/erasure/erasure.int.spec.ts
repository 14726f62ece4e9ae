import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  OPERATION_INTERRUPTED,
  operationDecider,
  operationStream,
  personalDataSubject,
  type UserErased,
  userDecider,
  userStream,
} from '@abland/domain';
import { schemaCodec, withCodec } from '@abland/event-codec';
import { MemoryEventStore } from '@abland/event-store';
import { MemoryKeyStore } from '@abland/personal-data';
import {
  type EventStore,
  EventStoreUnavailableError,
  loadAggregate,
  type NewEvent,
  silentLogger,
} from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import pg from 'pg';
import { v5 as uuidv5 } from 'uuid';
import { type RunningProcess, startProcess } from '../engine/start-process.js';
import { migrateProcesses } from '../migrations/migrate.js';
import { erasureProcess } from './erasure-process.js';

const ADDRESS = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const AT = '2026-01-01T00:00:00.000Z';
const STREAM = userStream(ADDRESS);

const event = (name: string, type: string, data: NewEvent['data']): NewEvent => ({
  ...{ id: uuidv5(name, uuidv5.URL), type, version: 1, data },
  metadata: { correlationId: 'asked', causationId: null, actor: ADDRESS },
});
const registered = (name: string) => event(name, 'UserRegistered', { address: ADDRESS, at: AT });
const commandIdOf = (name: string): string => uuidv5(name, uuidv5.DNS);
const erased = (name: string, registration: number, by: UserErased['data']['by'] = 'PERSON') => {
  const commandId = commandIdOf(name);
  const reason = by === 'PERSON' ? null : 'They asked by letter';
  const given = { by, requestedBy: ADDRESS, reason, inputHash: '0x12', at: AT } as const;
  const data: UserErased['data'] = { commandId, address: ADDRESS, registration, ...given };
  return event(name, 'UserErased', data);
};
const gaveUp = event('o2', 'OperationFailed', {
  ...{
    operationId: commandIdOf('e1'),
    code: OPERATION_INTERRUPTED,
    reason: 'Nothing was heard of it',
    at: AT,
  },
});

describe('the erasure process', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: EventStore;
  let keys: MemoryKeyStore;
  const running: RunningProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined); // dropping the database ends idle connections
    await migrateProcesses(pool);
    store = withCodec(new MemoryEventStore(), schemaCodec);
    keys = new MemoryKeyStore();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
    await store.close();
    await pool.end();
    await database.drop();
  });

  const start = (eraser: { erase(subject: string): Promise<void> } = keys, log = store): RunningProcess => {
    const process = startProcess({
      ...{ process: erasureProcess({ keys: eraser }), store: log, pool, clock: Date.now },
      ...{ logger: silentLogger, standbyIntervalMs: 20, tickIntervalMs: 20 },
    });
    running.push(process);
    return process;
  };
  const types = async (of = STREAM): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const page of store.readStream(of)) found.push(...page.map(({ type }) => type));
    return found;
  };
  const hasKey = async (registration: number): Promise<boolean> =>
    (await keys.findAll([personalDataSubject(ADDRESS, registration)])).size === 1;
  const ONCE = ['UserRegistered', 'UserErased', 'UserKeyDestroyed'];

  it('destroys the key of who was erased, and records it', async () => {
    await keys.obtain(personalDataSubject(ADDRESS, 1));
    await store.append(STREAM, [registered('r1'), erased('e1', 1)], 'no_stream');
    start();
    await eventually(async () => expect(await types()).toEqual(ONCE));
    expect(await hasKey(1)).toBe(false);
    const { state } = await loadAggregate(store, userDecider, STREAM);
    expect(state).toMatchObject({ status: 'ERASED', keysDestroyed: 1 });
  });

  it.each([
    ['ended before they could', []],
    ['stood so long that it was held to be interrupted', [gaveUp]],
  ])("records an operator's act as done where whoever did it %s, and once", async (_why, told) => {
    const before = ['OperationRequested', ...told.map(({ type }) => type)];
    const operationId = commandIdOf('e1');
    const stream = operationStream(operationId);
    const act = { operationId, kind: 'ERASE_USER', subject: ADDRESS, requestedBy: ADDRESS } as const;
    const asked = { type: 'RequestOperation', ...act, reason: 'They asked by letter', at: AT } as const;
    const [requested] = operationDecider.decide(asked, operationDecider.initialState);
    await store.append(
      stream,
      [{ ...event('o1', 'OperationRequested', requested?.data as never), version: 2 }, ...told],
      'no_stream',
    );
    await store.append(STREAM, [registered('r1'), erased('e1', 1, 'OPERATOR')], 'no_stream');
    const first = start();
    await eventually(async () => expect(await types(stream)).toEqual([...before, 'OperationCompleted']));
    await first.stop();
    await pool.query('DELETE FROM processes.checkpoints');
    const again = start();
    await eventually(async () => expect(await again.status()).toMatchObject({ live: true, parked: 0 }));
    expect(await types(stream)).toEqual([...before, 'OperationCompleted']);
    for await (const page of store.readStream(stream))
      expect(page.at(-1)?.data).toMatchObject({ operationId, result: [{ name: 'erasedAt', value: AT }] });
  });

  it('lets the key of a person live who has come back', async () => {
    await keys.obtain(personalDataSubject(ADDRESS, 1));
    await keys.obtain(personalDataSubject(ADDRESS, 2));
    await store.append(STREAM, [registered('r1'), erased('e1', 1), registered('r2')], 'no_stream');
    start();
    await eventually(async () => expect(await types()).toContain('UserKeyDestroyed'));
    expect([await hasKey(1), await hasKey(2)]).toEqual([false, true]);
  });

  it('tries again while the keys are out of reach, and records nothing before', async () => {
    await keys.obtain(personalDataSubject(ADDRESS, 1));
    await store.append(STREAM, [registered('r1'), erased('e1', 1)], 'no_stream');
    let failures = 2;
    start({
      async erase(subject) {
        expect(await types()).not.toContain('UserKeyDestroyed');
        failures -= 1;
        if (failures >= 0) throw new EventStoreUnavailableError('keys are away');
        await keys.erase(subject);
      },
    });
    await eventually(async () => expect(await types()).toEqual(ONCE));
    expect(await hasKey(1)).toBe(false);
  });

  it('that died between the destruction and its record, or after both, repeats nothing', async () => {
    await store.append(STREAM, [registered('r1'), erased('e1', 1)], 'no_stream');
    let erasures = 0;
    const counting = {
      erase: async (subject: string) => {
        erasures += 1;
        await keys.erase(subject);
      },
    };
    const dying: EventStore = Object.assign(Object.create(store) as EventStore, {
      append: () => Promise.reject(new EventStoreUnavailableError('died here')),
    });
    const first = start(counting, dying);
    await eventually(() => expect(erasures).toBeGreaterThan(0));
    await first.stop();
    expect(await types()).toEqual(['UserRegistered', 'UserErased']);
    const second = start(counting);
    await eventually(async () => expect(await types()).toEqual(ONCE));
    await second.stop();
    // A replay of the whole log: the checkpoint is gone, and the person is back with a key.
    await store.append(STREAM, [registered('r2')], 2n);
    await keys.obtain(personalDataSubject(ADDRESS, 2));
    await pool.query('DELETE FROM processes.checkpoints');
    const before = erasures;
    const third = start(counting);
    await eventually(() => expect(erasures).toBeGreaterThan(before));
    await eventually(async () => expect((await third.status()).live).toBe(true));
    expect(await types()).toEqual([...ONCE, 'UserRegistered']);
    expect(await hasKey(2)).toBe(true);
    expect((await third.status()).parked).toBe(0);
  });
});
