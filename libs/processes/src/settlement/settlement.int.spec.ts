import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requestStream } from '@abland/domain';
import { MemoryEventStore, openPostgresEventStore } from '@abland/event-store';
import { type EventStore, silentLogger } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import pg from 'pg';
import { eventually } from '../engine/eventually.fixture.js';
import { type RunningProcess, startProcess } from '../engine/start-process.js';
import { migrateProcesses } from '../migrations/migrate.js';
import { settlementProcess } from './settlement-process.js';
import {
  BOB,
  CHAIN_ID,
  DEADLINE,
  deactivationRequested,
  failed,
  finalized,
  hash,
  id,
  ingested,
  OTHER_CHAIN_ID,
  poolOpened,
  poolRequested,
  RELAYER,
  reverted,
  signedByRelayer,
  START,
  submitted,
  swapped,
  swapRequested,
  tell as tellTo,
  type Told,
  tokenDeactivated,
} from './story.fixture.js';

const GRACE_MS = 30_000;
const NEVER_MS = 3_600_000;
const DAY_SECONDS = 24 * 60 * 60;

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

  const start = (
    options: { log?: EventStore; batchSize?: number; chainId?: number } = {},
  ): RunningProcess => {
    const { log = store, batchSize = 500, chainId = CHAIN_ID } = options;
    const logger = silentLogger;
    const process = settlementProcess({ chainId, store: log, logger, unsubmittedGraceMs: GRACE_MS });
    const common = { store: log, pool, clock: () => now, logger };
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
  const tell = (story: readonly Told[], log = store): Promise<void> => tellTo(log, story);

  const typesOf = async (name: string, log = store): Promise<string[]> => {
    const types: string[] = [];
    for await (const page of log.readStream(requestStream(id(name)))) {
      types.push(...page.map(({ type }) => type));
    }
    return types;
  };
  const ended = (name: string, type: string, log = store): Promise<void> =>
    eventually(async () => expect((await typesOf(name, log)).at(-1)).toBe(type));

  /** Until the process has handled all that is in the log, its own events among it. */
  async function settled(process: RunningProcess, log = store): Promise<void> {
    await eventually(async () => {
      const { live, position } = await process.status();
      expect(live).toBe(true);
      expect(position).toBe(await log.head());
    });
  }
  const forgetAll = (): Promise<unknown> =>
    pool.query('TRUNCATE processes.checkpoints, processes.requests, processes.chain_progress');
  const tracked = async (): Promise<number> =>
    (await pool.query('SELECT FROM processes.requests')).rowCount ?? 0;

  const confirming = [
    swapRequested('swap'),
    swapped({ block: 'b', tx: 't', names: 'swap' }),
    ingested('b', 10),
  ];

  it('confirms a request and finalizes it when its block is final', async () => {
    start();
    await tell([...confirming, finalized(9)]);
    await eventually(async () =>
      expect(await typesOf('swap')).toEqual(['SwapRequested', 'RequestConfirmed']),
    );
    await tell([finalized(10)]);
    await ended('swap', 'RequestFinalized');
  });

  it('repeats nothing when it follows the whole log again', async () => {
    const relayed = [
      swapRequested('relayed', { execution: 'RELAYED' }),
      signedByRelayer('relayed', 'r'),
      failed({ block: 'b', tx: 'r', names: 'relayed' }, RELAYER),
    ];
    const reorg = [
      reverted('b', 10),
      swapped({ block: 'b2', tx: 't', names: 'swap' }),
      swapped({ block: 'b2', tx: 'v' }),
    ];
    const first = start();
    await tell([swapRequested('told'), ...relayed, ...confirming, ...reorg, submitted('told', 'v')]);
    await tell([finalized(10)]);
    await ended('swap', 'RequestFinalized');
    await ended('told', 'RequestFinalized');
    await settled(first);
    await stop();
    const head = await store.head();
    await forgetAll();
    const again = start();
    await settled(again);
    expect(await store.head()).toBe(head);
    expect((await again.status()).parked).toBe(0);
  });

  it('finishes what it was told while it did not run', async () => {
    await tell([...confirming, finalized(10)]);
    start();
    await ended('swap', 'RequestFinalized');
  });

  it('finds a fact again that came before a restart when its transaction is told after', async () => {
    const first = start();
    await tell([swapRequested('swap'), swapped({ block: 'b', tx: 't' }), ingested('b', 10), finalized(10)]);
    await settled(first);
    await stop();
    start();
    await tell([submitted('swap', 't')]);
    await ended('swap', 'RequestFinalized');
  });

  it('retracts over a restart, and confirms again where the transaction is mined again', async () => {
    const first = start();
    await tell(confirming);
    await settled(first);
    await stop();
    await tell([reverted('b', 10)]);
    start();
    await ended('swap', 'RequestRetracted');
    await tell([swapped({ block: 'b2', tx: 't', names: 'swap' }), ingested('b2', 10), finalized(10)]);
    await eventually(async () =>
      expect(await typesOf('swap')).toEqual([
        'SwapRequested',
        'RequestConfirmed',
        'RequestRetracted',
        'RequestConfirmed',
        'RequestFinalized',
      ]),
    );
  });

  it('confirms a request that a later transaction of its user carries out after the first was reverted', async () => {
    start();
    await tell([swapRequested('swap'), failed({ block: 'b', tx: 't', names: 'swap' })]);
    await ended('swap', 'RequestReverted');
    await tell([swapped({ block: 'c', number: 11, tx: 'u', names: 'swap' })]);
    await ended('swap', 'RequestConfirmed');
  });

  it('sets an event aside that it cannot read, and goes on', async () => {
    const log = new MemoryEventStore();
    const unreadable = swapped({ block: 'a', tx: 's', names: 'swap' });
    const subscribe = log.subscribeToAll.bind(log);
    log.subscribeToAll = async function* (options) {
      for await (const batch of subscribe(options)) {
        const events = batch.events.map((event) =>
          event.id === unreadable.event.id ? { ...event, data: { ...event.data, amountOut: 'much' } } : event,
        );
        yield { ...batch, events };
      }
    };
    const process = start({ log });
    await tell([swapRequested('swap'), unreadable, swapped({ block: 'b', tx: 't', names: 'swap' })], log);
    await ended('swap', 'RequestConfirmed', log);
    expect(await process.status()).toMatchObject({ parked: 1, failure: null });
    const { rows } = await pool.query('SELECT cause_id, stream, type FROM processes.parked');
    expect(rows).toEqual([{ cause_id: unreadable.event.id, stream: unreadable.stream, type: 'Swap' }]);
  });

  it('comes to the same end however the log is cut into batches', async () => {
    const chain = (block: string): readonly Told[] => [
      ...poolOpened({ block, tx: 'pool' }),
      swapped({ block, tx: 'one', names: 'named' }),
      swapped({ block, tx: 'two' }),
      swapped({ block, tx: 'two', logIndex: 1 }),
      tokenDeactivated({ block, tx: 'three' }),
      ingested(block, 10),
    ];
    const story = [
      poolRequested('pool'),
      swapRequested('named'),
      swapRequested('told'),
      swapRequested('told too'),
      swapRequested('told in vain'),
      deactivationRequested('deactivation'),
      ...chain('b'),
      submitted('told', 'two'),
      finalized(9),
      reverted('b', 10),
      ...chain('b2'),
      submitted('told too', 'two'),
      submitted('told in vain', 'two'),
      submitted('pool', 'pool'),
      submitted('deactivation', 'three'),
      finalized(10),
    ];
    const names = ['pool', 'named', 'told', 'told too', 'told in vain', 'deactivation'];
    const ends: unknown[] = [];
    for (const batchSize of [1, 2, 3, 5, 500]) {
      await forgetAll();
      const log = new MemoryEventStore();
      await tell(story, log);
      const process = start({ log, batchSize });
      await settled(process, log);
      ends.push(await Promise.all(names.map((name) => typesOf(name, log))));
      await stop();
      await log.close();
    }
    const [first] = ends as string[][][];
    expect(first?.map((types) => types.at(-1))).toEqual([
      'RequestFinalized',
      'RequestFinalized',
      'RequestFinalized',
      'RequestFinalized',
      'RequestSubmitted',
      'RequestFinalized',
    ]);
    expect(first?.[1]).toContain('RequestRetracted');
    for (const end of ends) expect(end).toEqual(first);
  });

  describe('of several chains', () => {
    /** One log, the same transactions in blocks of the same hashes on both chains. */
    const onBoth = (fact: (chainId: number) => Told): Told[] => [fact(CHAIN_ID), fact(OTHER_CHAIN_ID)];
    const startBoth = (): readonly RunningProcess[] => [start(), start({ chainId: OTHER_CHAIN_ID })];

    it('lets no transaction on one chain answer a request to another, whatever it names', async () => {
      const processes = startBoth();
      await tell([
        swapRequested('here'),
        swapRequested('there', { chainId: OTHER_CHAIN_ID }),
        swapRequested('fails', {}),
        swapped({ chainId: OTHER_CHAIN_ID, block: 'b', tx: 't', names: 'here' }),
        failed({ chainId: OTHER_CHAIN_ID, block: 'b', tx: 'u', names: 'fails' }),
        swapped({ block: 'b', tx: 't', names: 'there' }),
        finalized(10),
        finalized(10, undefined, OTHER_CHAIN_ID),
      ]);
      for (const process of processes) await settled(process);
      for (const name of ['here', 'there', 'fails']) expect(await typesOf(name)).toEqual(['SwapRequested']);
      await tell([swapped({ block: 'c', tx: 't', names: 'here', number: 10 })]);
      await ended('here', 'RequestFinalized');
      for (const process of processes) await settled(process);
      expect(await typesOf('there')).toEqual(['SwapRequested']);
    });

    it('lets no told transaction of one chain answer a request to another', async () => {
      const processes = startBoth();
      await tell([
        swapRequested('here'),
        swapRequested('there', { chainId: OTHER_CHAIN_ID }),
        submitted('there', 't', OTHER_CHAIN_ID),
        swapped({ block: 'b', tx: 't' }),
      ]);
      for (const process of processes) await settled(process);
      expect(await typesOf('there')).toEqual(['SwapRequested', 'RequestSubmitted']);
      await tell([swapped({ chainId: OTHER_CHAIN_ID, block: 'b', tx: 't' })]);
      await ended('there', 'RequestConfirmed');
      await tell([submitted('here', 't')]);
      await ended('here', 'RequestConfirmed');
    });

    it('retracts and finalizes on one chain alone', async () => {
      const processes = startBoth();
      await tell([
        swapRequested('here'),
        swapRequested('there', { chainId: OTHER_CHAIN_ID }),
        ...onBoth((chainId) =>
          swapped({ chainId, block: 'b', tx: 't', names: chainId === CHAIN_ID ? 'here' : 'there' }),
        ),
      ]);
      await ended('here', 'RequestConfirmed');
      await ended('there', 'RequestConfirmed');
      await tell([reverted('b', 10), finalized(10, undefined, OTHER_CHAIN_ID)]);
      await ended('here', 'RequestRetracted');
      await ended('there', 'RequestFinalized');
      for (const process of processes) await settled(process);
      expect(await typesOf('here')).toEqual(['SwapRequested', 'RequestConfirmed', 'RequestRetracted']);
      expect(await typesOf('there')).toEqual(['SwapRequested', 'RequestConfirmed', 'RequestFinalized']);
    });

    it('expires by the blocks of the request’s own chain', async () => {
      const processes = startBoth();
      await tell([
        ...onBoth((chainId) => swapRequested(`on ${chainId}`, { chainId })),
        ...onBoth((chainId) => submitted(`on ${chainId}`, 't', chainId)),
        ingested('b', 10, DEADLINE / 1_000 + 1, OTHER_CHAIN_ID),
      ]);
      await ended(`on ${OTHER_CHAIN_ID}`, 'RequestExpired');
      for (const process of processes) await settled(process);
      expect(await typesOf(`on ${CHAIN_ID}`)).toEqual(['SwapRequested', 'RequestSubmitted']);
    });
  });

  describe('expiry', () => {
    it('comes by our clock, after a while of grace, where no transaction was ever told', async () => {
      const process = start();
      await tell([swapRequested('swap')]);
      await settled(process);
      now = DEADLINE + GRACE_MS;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await typesOf('swap')).toEqual(['SwapRequested']);
      now = DEADLINE + GRACE_MS + 1;
      await ended('swap', 'RequestExpired');
    });

    it('is found again after a restart', async () => {
      const process = start();
      await tell([swapRequested('swap'), poolRequested('pool')]);
      await settled(process);
      await stop();
      now = DEADLINE + GRACE_MS + 1;
      start();
      await ended('swap', 'RequestExpired');
      await ended('pool', 'RequestExpired');
    });

    it('waits for the chain to pass the deadline while a transaction is in flight', async () => {
      const process = start();
      await tell([swapRequested('swap'), submitted('swap', 't'), ingested('b', 10, DEADLINE / 1_000)]);
      await settled(process);
      now = DEADLINE + 10 * GRACE_MS;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await typesOf('swap')).at(-1)).toBe('RequestSubmitted');
      await tell([ingested('c', 11, DEADLINE / 1_000 + 1)]);
      await ended('swap', 'RequestExpired');
    });

    it('gives way to a fact that the chain has all the same', async () => {
      start();
      await tell([swapRequested('swap')]);
      now = DEADLINE + GRACE_MS + 1;
      await ended('swap', 'RequestExpired');
      await tell([swapped({ block: 'b', tx: 't', names: 'swap' })]);
      await ended('swap', 'RequestConfirmed');
    });

    it('comes once more where a reorg took back what came after it', async () => {
      start();
      await tell([swapRequested('swap')]);
      now = DEADLINE + GRACE_MS + 1;
      await ended('swap', 'RequestExpired');
      await tell([swapped({ block: 'b', tx: 't', names: 'swap' })]);
      await ended('swap', 'RequestConfirmed');
      await tell([reverted('b', 10)]);
      await ended('swap', 'RequestRetracted');
      now += 1;
      await tell([ingested('b2', 10, DEADLINE / 1_000 + 1)]);
      await ended('swap', 'RequestExpired');
    });

    it('does not come to a request that was confirmed', async () => {
      const process = start();
      await tell(confirming);
      await settled(process);
      now = DEADLINE + 10 * GRACE_MS;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await typesOf('swap')).at(-1)).toBe('RequestConfirmed');
    });
  });

  describe('what it keeps', () => {
    it('is nothing of a chain on which nobody asked for anything', async () => {
      const process = start();
      await tell([swapped({ block: 'b', tx: 't' }), ...poolOpened({ block: 'b', tx: 'u' }), finalized(10)]);
      await settled(process);
      expect(await tracked()).toBe(0);
    });

    it('is nothing of a request that was finalized', async () => {
      const process = start();
      await tell([...confirming, finalized(10)]);
      await ended('swap', 'RequestFinalized');
      await settled(process);
      expect(await tracked()).toBe(0);
    });

    it('is nothing of what expired or was reverted a week before the final block', async () => {
      const process = start();
      const late = DEADLINE / 1_000 + 7 * DAY_SECONDS;
      await tell([
        swapRequested('expires', { user: BOB }),
        swapRequested('reverts'),
        failed({ block: 'b', tx: 't', names: 'reverts' }),
        ingested('c', 11, DEADLINE / 1_000 + 1),
      ]);
      await ended('expires', 'RequestExpired');
      await settled(process);
      await tell([finalized(11, late)]);
      await settled(process);
      expect(await tracked()).toBe(2);
      now += 60_000;
      await tell([finalized(12, late + 1)]);
      await settled(process);
      expect(await tracked()).toBe(0);
    });
  });

  it('is woken by a fact rather than by looking for one from time to time', async () => {
    const log = await openPostgresEventStore({
      connectionString: database.url,
      logger: silentLogger,
      pollIntervalMs: NEVER_MS,
    });
    const process = start({ log });
    await tell(Array.from({ length: 40 }, (_, index) => swapRequested(`swap ${index}`)));
    await settled(process);
    for (let index = 0; index < 40; index += 1) {
      const names = `swap ${index}`;
      await tell([swapped({ block: `b ${index}`, number: index + 1, tx: `t ${index}`, names })]);
      while ((await typesOf(names)).length < 2) await new Promise(setImmediate);
    }
    await stop();
    await log.close();
  });
});
