import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { orderStream, poolStream } from '@abland/domain';
import { MemoryEventStore, openPostgresEventStore } from '@abland/event-store';
import { type EventStore, silentLogger } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import pg from 'pg';
import { eventually } from '../engine/eventually.fixture.js';
import { type RunningProcess, startProcess } from '../engine/start-process.js';
import { migrateProcesses } from '../migrations/migrate.js';
import { settlementProcess } from './settlement-process.js';
import {
  CHAIN_ID,
  DEADLINE,
  failed,
  finalized,
  hash,
  id,
  ingested,
  liquidityAdded,
  orderSubmitted,
  poolCreated,
  poolRequested,
  reverted,
  START,
  swapped,
  swapRequested,
  type Told,
} from './story.fixture.js';

const GRACE_MS = 30_000;
const NEVER_MS = 3_600_000;

describe('settlement', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: EventStore;
  let now: number;
  const running: RunningProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined);
    await migrateProcesses(pool);
    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    now = START;
  });
  afterEach(async () => {
    await stop();
    await store.close();
    await pool.end();
    await database.drop();
  });

  const start = (options: { log?: EventStore; batchSize?: number } = {}): RunningProcess => {
    const { log = store, batchSize = 500 } = options;
    const process = settlementProcess({
      chainId: CHAIN_ID,
      logger: silentLogger,
      unsubmittedGraceMs: GRACE_MS,
    });
    const common = { store: log, pool, clock: () => now, logger: silentLogger };
    const started = startProcess({
      process,
      ...common,
      batchSize,
      tickIntervalMs: 20,
      standbyIntervalMs: 20,
    });
    running.push(started);
    return started;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
  };

  async function tell(story: readonly Told[], log = store): Promise<void> {
    for (const { stream, event } of story) await log.append(stream, [event], 'any');
  }

  const typesOf = async (stream: string, log = store): Promise<string[]> => {
    const types: string[] = [];
    for await (const page of log.readStream(stream)) types.push(...page.map(({ type }) => type));
    return types;
  };
  const typesOfOrder = (name: string, log = store): Promise<string[]> => typesOf(orderStream(id(name)), log);

  /** Until the process has handled all that is in the log, its own events among it. */
  async function settled(process: RunningProcess, log = store): Promise<void> {
    await eventually(async () => {
      const { live, position } = await process.status();
      expect(live).toBe(true);
      expect(position).toBe(await log.head());
    });
  }

  const confirming = [
    swapRequested('order'),
    swapped({ block: 'b', tx: 't', names: 'order' }),
    ingested('b', 10),
  ];

  it('confirms an order and finalizes it when its block is final', async () => {
    start();
    await tell([...confirming, finalized(9)]);
    await eventually(async () =>
      expect(await typesOfOrder('order')).toEqual(['OrderRequested', 'OrderConfirmed']),
    );
    await tell([finalized(10)]);
    await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderFinalized'));
  });

  it('repeats nothing when it follows the whole log again', async () => {
    const first = start();
    await tell([...confirming, finalized(10)]);
    await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderFinalized'));
    await settled(first);
    await stop();
    const head = await store.head();
    await pool.query(
      'TRUNCATE processes.checkpoints, processes.requests, processes.facts, processes.chain_progress',
    );
    const again = start();
    await settled(again);
    expect(await store.head()).toBe(head);
    expect((await again.status()).parked).toBe(0);
  });

  it('finishes what it was told while it did not run', async () => {
    await tell([...confirming, finalized(10)]);
    start();
    await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderFinalized'));
  });

  it('finds a fact again that came before a restart when its transaction is told after', async () => {
    const first = start();
    await tell([swapRequested('order'), swapped({ block: 'b', tx: 't' }), ingested('b', 10), finalized(10)]);
    await settled(first);
    await stop();
    start();
    await tell([orderSubmitted('order', hash('t'))]);
    await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderFinalized'));
  });

  it('retracts over a restart, and confirms again where the transaction is mined again', async () => {
    const first = start();
    await tell(confirming);
    await settled(first);
    await stop();
    await tell([reverted('b', 10)]);
    start();
    await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderOutcomeRetracted'));
    await tell([swapped({ block: 'b2', tx: 't', names: 'order' }), ingested('b2', 10), finalized(10)]);
    await eventually(async () =>
      expect(await typesOfOrder('order')).toEqual([
        'OrderRequested',
        'OrderConfirmed',
        'OrderOutcomeRetracted',
        'OrderConfirmed',
        'OrderFinalized',
      ]),
    );
  });

  it('confirms an order that a later transaction of its user carries out after the first was reverted', async () => {
    start();
    await tell([swapRequested('order'), failed({ block: 'b', tx: 't', names: 'order' })]);
    await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderReverted'));
    await tell([swapped({ block: 'c', number: 11, tx: 'u', names: 'order' })]);
    await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderConfirmed'));
  });

  it('sets an event aside that it cannot read, and goes on', async () => {
    const log = new MemoryEventStore();
    const unreadable = swapped({ block: 'a', tx: 's', names: 'order' });
    const subscribe = log.subscribeToAll.bind(log);
    log.subscribeToAll = async function* (options) {
      for await (const batch of subscribe(options)) {
        const events = batch.events.map((event) =>
          event.id === unreadable.event.id ? { ...event, data: { ...event.data, amountIn: 'much' } } : event,
        );
        yield { ...batch, events };
      }
    };
    const process = start({ log });
    await tell([swapRequested('order'), unreadable, swapped({ block: 'b', tx: 't', names: 'order' })], log);
    await eventually(async () => expect((await typesOfOrder('order', log)).at(-1)).toBe('OrderConfirmed'));
    expect(await process.status()).toMatchObject({ parked: 1, failure: null });
    const { rows } = await pool.query('SELECT cause_id, stream, type FROM processes.parked');
    expect(rows).toEqual([{ cause_id: unreadable.event.id, stream: unreadable.stream, type: 'Swap' }]);
  });

  it('comes to the same end however the log is cut into batches', async () => {
    const place = { block: 'b', tx: 'pool', names: 'pool' };
    const story = [
      poolRequested('pool'),
      swapRequested('named'),
      swapRequested('told'),
      poolCreated(place),
      liquidityAdded({ ...place, logIndex: 2 }),
      swapped({ block: 'b', tx: 'one', names: 'named' }),
      swapped({ block: 'b', tx: 'two' }),
      ingested('b', 10),
      orderSubmitted('told', hash('two')),
      finalized(9),
      reverted('b', 10),
      poolCreated({ ...place, block: 'b2' }),
      liquidityAdded({ ...place, block: 'b2', logIndex: 2 }),
      swapped({ block: 'b2', tx: 'one', names: 'named' }),
      swapped({ block: 'b2', tx: 'two' }),
      ingested('b2', 10),
      finalized(10),
    ];
    const ends: string[][] = [];
    for (const batchSize of [1, 3, 500]) {
      await pool.query(
        'TRUNCATE processes.checkpoints, processes.requests, processes.facts, processes.chain_progress, processes.reverted_blocks',
      );
      const log = new MemoryEventStore();
      await tell(story, log);
      const process = start({ log, batchSize });
      await settled(process, log);
      const streams = [orderStream(id('named')), orderStream(id('told')), poolStream(id('pool'))];
      ends.push(await Promise.all(streams.map(async (stream) => (await typesOf(stream, log)).at(-1) ?? '')));
      await stop();
      await log.close();
    }
    expect(ends).toEqual(
      Array.from({ length: 3 }, () => ['OrderFinalized', 'OrderFinalized', 'PoolDeployed']),
    );
  });

  describe('expiry', () => {
    it('comes by our clock, after a while of grace, where no transaction was ever told', async () => {
      const process = start();
      await tell([swapRequested('order')]);
      await settled(process);
      now = DEADLINE + GRACE_MS;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await typesOfOrder('order')).toEqual(['OrderRequested']);
      now = DEADLINE + GRACE_MS + 1;
      await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderExpired'));
    });

    it('is found again after a restart', async () => {
      const process = start();
      await tell([swapRequested('order'), poolRequested('pool')]);
      await settled(process);
      await stop();
      now = DEADLINE + GRACE_MS + 1;
      start();
      await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderExpired'));
      await eventually(async () =>
        expect((await typesOf(poolStream(id('pool')))).at(-1)).toBe('PoolCreationFailed'),
      );
    });

    it('waits for the chain to pass the deadline while a transaction is in flight', async () => {
      const process = start();
      await tell([
        swapRequested('order'),
        orderSubmitted('order', hash('t')),
        ingested('b', 10, DEADLINE / 1_000),
      ]);
      await settled(process);
      now = DEADLINE + 10 * GRACE_MS;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await typesOfOrder('order')).at(-1)).toBe('OrderSubmitted');
      await tell([ingested('c', 11, DEADLINE / 1_000 + 1)]);
      await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderExpired'));
    });

    it('gives way to a fact that the chain has all the same', async () => {
      start();
      await tell([swapRequested('order')]);
      now = DEADLINE + GRACE_MS + 1;
      await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderExpired'));
      await tell([swapped({ block: 'b', tx: 't', names: 'order' })]);
      await eventually(async () => expect((await typesOfOrder('order')).at(-1)).toBe('OrderConfirmed'));
    });

    it('does not come to an order that was confirmed', async () => {
      const process = start();
      await tell(confirming);
      await settled(process);
      now = DEADLINE + 10 * GRACE_MS;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await typesOfOrder('order')).at(-1)).toBe('OrderConfirmed');
    });
  });

  it('forgets facts that nobody can ask for any more', async () => {
    const process = start();
    await tell([swapped({ block: 'b', tx: 't' }), ingested('b', 10), finalized(10)]);
    await settled(process);
    const count = async (): Promise<number> =>
      (await pool.query('SELECT 1 FROM processes.facts')).rowCount ?? 0;
    expect(await count()).toBe(1);
    now += 60_000;
    await tell([ingested('c', 11, START / 1_000 + 7_200), finalized(11)]);
    await settled(process);
    expect(await count()).toBe(0);
  });

  it('is woken by a fact rather than by looking for one from time to time', async () => {
    const log = await openPostgresEventStore({
      connectionString: database.url,
      logger: silentLogger,
      pollIntervalMs: NEVER_MS,
    });
    const process = start({ log });
    await tell(Array.from({ length: 40 }, (_, index) => swapRequested(`order ${index}`)));
    await settled(process);
    for (let index = 0; index < 40; index += 1) {
      const fact = swapped({
        block: `b ${index}`,
        number: index + 1,
        tx: `t ${index}`,
        names: `order ${index}`,
      });
      await tell([fact]);
      while ((await typesOfOrder(`order ${index}`)).length < 2) await new Promise(setImmediate);
    }
    await stop();
    await log.close();
  });
});
