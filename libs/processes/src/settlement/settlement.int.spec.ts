import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore, openPostgresEventStore } from '@abland/event-store';
import { operationDecider, operationStream } from '@abland/domain';
import { loadAggregate, silentLogger } from '@abland/kernel';
import { eventually } from '@abland/testing';
import { GRACE_MS, Settling } from './settling.fixture.js';
import {
  BOB,
  CHAIN_ID,
  DEADLINE,
  deactivationRequested,
  failed,
  finalized,
  forwardExecuted,
  hash,
  id,
  ingested,
  poolOpened,
  poolRequested,
  RELAYER,
  reverted,
  signedByRelayer,
  signedSwap,
  submitted,
  swapped,
  swapRequested,
  type Told,
  tokenDeactivated,
} from './story.fixture.js';

const NEVER_MS = 3_600_000;
const DAY_SECONDS = 24 * 60 * 60;

describe('settlement', () => {
  let settling: Settling;
  beforeEach(async () => {
    settling = await Settling.open();
  });
  afterEach(async () => {
    await settling.close();
  });

  const confirming = [
    swapRequested('swap'),
    swapped({ block: 'b', tx: 't', names: 'swap' }),
    ingested('b', 10),
  ];

  it('confirms a request and finalizes it when its block is final', async () => {
    settling.start();
    await settling.tell([...confirming, finalized(9)]);
    await eventually(async () =>
      expect(await settling.typesOf('swap')).toEqual(['SwapRequested', 'RequestConfirmed']),
    );
    await settling.tell([finalized(10)]);
    await settling.ended('swap', 'RequestFinalized');
  });

  it.each([
    ['RETRIED', [{ name: 'fact', value: 'SwapFeeUpdated' }]],
    ['SKIPPED', []],
  ] as const)(
    'records that a parked log was %s where whoever decided ended before they could',
    async (resolution, result) => {
      const operationId = id('operation');
      const chain = {
        chainId: CHAIN_ID,
        blockNumber: 7,
        blockHash: hash('b'),
        blockTime: 7,
        txHash: hash('t'),
        logIndex: 0,
      };
      const metadata = { correlationId: operationId, causationId: null, actor: BOB };
      const told = (name: string, type: string, data: object, of: object = metadata) =>
        ({ id: id(name), type, version: 1, data, metadata: of }) as never;
      const stream = operationStream(operationId);
      const { store } = settling;
      await store.append(stream, [told('asked', 'OperationRequested', { operationId })], 'no_stream');
      const resolved = { eventId: id('parked'), resolution, operationId };
      const facts = [
        told('fact', 'SwapFeeUpdated', {}, { ...metadata, chain }),
        told('resolved', 'ParkedLogResolved', resolved, { ...metadata, chain }),
      ];
      await store.append(`chain-${CHAIN_ID}`, facts, 'no_stream');
      settling.start();
      await eventually(async () => {
        for await (const [, done] of store.readStream(stream))
          expect(done).toMatchObject({ type: 'OperationCompleted', data: { operationId, result } });
        expect((await loadAggregate(store, operationDecider, stream)).state.status).toBe('COMPLETED');
      });
    },
  );

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
    settling.start();
    await settling.tell([swapRequested('told'), ...relayed, ...confirming, ...reorg, submitted('told', 'v')]);
    await settling.tell([finalized(10)]);
    await settling.ended('swap', 'RequestFinalized');
    await settling.ended('told', 'RequestFinalized');
    await settling.settled();
    await settling.stop();
    const head = await settling.store.head();
    await settling.forgetAll();
    const again = settling.start();
    await settling.settled();
    expect(await settling.store.head()).toBe(head);
    expect((await again.status()).parked).toBe(0);
  });

  it('finishes what it was told while it did not run', async () => {
    await settling.tell([...confirming, finalized(10)]);
    settling.start();
    await settling.ended('swap', 'RequestFinalized');
  });

  it('finds a fact again that came before a restart when its transaction is told after', async () => {
    settling.start();
    await settling.tell([
      swapRequested('swap'),
      swapped({ block: 'b', tx: 't' }),
      ingested('b', 10),
      finalized(10),
    ]);
    await settling.settled();
    await settling.stop();
    settling.start();
    await settling.tell([submitted('swap', 't')]);
    await settling.ended('swap', 'RequestFinalized');
  });

  it('retracts over a restart, and confirms again where the transaction is mined again', async () => {
    settling.start();
    await settling.tell(confirming);
    await settling.settled();
    await settling.stop();
    await settling.tell([reverted('b', 10)]);
    settling.start();
    await settling.ended('swap', 'RequestRetracted');
    await settling.tell([
      swapped({ block: 'b2', tx: 't', names: 'swap' }),
      ingested('b2', 10),
      finalized(10),
    ]);
    await eventually(async () =>
      expect(await settling.typesOf('swap')).toEqual([
        'SwapRequested',
        'RequestConfirmed',
        'RequestRetracted',
        'RequestConfirmed',
        'RequestFinalized',
      ]),
    );
  });

  it('confirms a request that a later transaction of its user carries out after the first was reverted', async () => {
    settling.start();
    await settling.tell([swapRequested('swap'), failed({ block: 'b', tx: 't', names: 'swap' })]);
    await settling.ended('swap', 'RequestReverted');
    await settling.tell([swapped({ block: 'c', number: 11, tx: 'u', names: 'swap' })]);
    await settling.ended('swap', 'RequestConfirmed');
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
    const process = settling.start({ log });
    await settling.tell(
      [swapRequested('swap'), unreadable, swapped({ block: 'b', tx: 't', names: 'swap' })],
      log,
    );
    await settling.ended('swap', 'RequestConfirmed', log);
    await eventually(async () => expect(await process.status()).toMatchObject({ parked: 1, failure: null }));
    const { rows } = await settling.pool.query('SELECT cause_id, stream, type FROM processes.parked');
    expect(rows).toEqual([{ cause_id: unreadable.event.id, stream: unreadable.stream, type: 'Swap' }]);
  });

  it('comes to the same end however the log is cut into batches', async () => {
    const chain = (block: string): readonly Told[] => [
      ...poolOpened({ block, tx: 'pool' }),
      swapped({ block, tx: 'one', names: 'named' }),
      swapped({ block, tx: 'two' }),
      swapped({ block, tx: 'two', logIndex: 1 }),
      tokenDeactivated({ block, tx: 'three' }),
      swapped({ block, tx: 'four', names: 'nothing' }),
      swapped({ block, tx: 'of another', names: 'pool' }, { user: BOB, amountIn: '7' }),
      swapped({ block, tx: 'of another', names: 'pool', logIndex: 1 }),
      forwardExecuted({ block, tx: 'of another', names: 'pool', logIndex: 2 }),
      ingested(block, 10),
    ];
    const story = [
      poolRequested('pool'),
      swapRequested('named'),
      swapRequested('told'),
      swapRequested('told too'),
      swapRequested('told in vain'),
      deactivationRequested('deactivation'),
      swapRequested('told with a tag of nothing'),
      ...signedSwap('signed'),
      ...chain('b'),
      submitted('told', 'two'),
      finalized(9),
      reverted('b', 10),
      ...chain('b2'),
      submitted('told too', 'two'),
      submitted('told in vain', 'two'),
      submitted('pool', 'pool'),
      submitted('deactivation', 'three'),
      submitted('told with a tag of nothing', 'four'),
      finalized(10),
    ];
    const names = ['pool', 'named', 'told', 'told too', 'told in vain', 'deactivation'];
    names.push('told with a tag of nothing', 'signed');
    const ends: unknown[] = [];
    for (const batchSize of [1, 2, 3, 5, 500]) {
      await settling.forgetAll();
      const log = new MemoryEventStore();
      await settling.tell(story, log);
      settling.start({ log, batchSize });
      await settling.settled(log);
      ends.push(await Promise.all(names.map((name) => settling.typesOf(name, log))));
      await settling.stop();
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
      'RequestFinalized',
      'RequestFinalized',
    ]);
    expect(first?.[1]).toContain('RequestRetracted');
    for (const end of ends) expect(end).toEqual(first);
  });

  describe('expiry', () => {
    it('comes by our clock, after a while of grace, where no transaction was ever told', async () => {
      settling.start();
      await settling.tell([swapRequested('swap')]);
      await settling.settled();
      settling.now = DEADLINE + GRACE_MS;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await settling.typesOf('swap')).toEqual(['SwapRequested']);
      settling.now = DEADLINE + GRACE_MS + 1;
      await settling.ended('swap', 'RequestExpired');
    });

    it('is found again after a restart', async () => {
      settling.start();
      await settling.tell([swapRequested('swap'), poolRequested('pool')]);
      await settling.settled();
      await settling.stop();
      settling.now = DEADLINE + GRACE_MS + 1;
      settling.start();
      await settling.ended('swap', 'RequestExpired');
      await settling.ended('pool', 'RequestExpired');
    });

    it('waits for the chain to pass the deadline while a transaction is in flight', async () => {
      settling.start();
      await settling.tell([
        swapRequested('swap'),
        submitted('swap', 't'),
        ingested('b', 10, DEADLINE / 1_000),
      ]);
      await settling.settled();
      settling.now = DEADLINE + 10 * GRACE_MS;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await settling.typesOf('swap')).at(-1)).toBe('RequestSubmitted');
      await settling.tell([ingested('c', 11, DEADLINE / 1_000 + 1)]);
      await settling.ended('swap', 'RequestExpired');
    });

    it('comes by our clock to none whose transaction was told and is not heard of yet', async () => {
      const log = new MemoryEventStore();
      const told = Promise.withResolvers<void>();
      const subscribe = log.subscribeToAll.bind(log);
      log.subscribeToAll = async function* (options) {
        for await (const batch of subscribe(options)) {
          if (batch.events.some(({ type }) => type === 'RequestSubmitted')) await told.promise;
          yield batch;
        }
      };
      settling.start({ log });
      await settling.tell([swapRequested('swap')], log);
      await settling.settled(log);
      await settling.tell([submitted('swap', 't')], log);
      settling.now = DEADLINE + GRACE_MS + 1;
      const givenUp = `SELECT FROM processes.requests WHERE NOT open`;
      await eventually(async () => expect((await settling.pool.query(givenUp)).rowCount).toBe(1));
      expect(await settling.typesOf('swap', log)).toEqual(['SwapRequested', 'RequestSubmitted']);
      told.resolve();
      await settling.tell([ingested('b', 10, DEADLINE / 1_000 + 1)], log);
      await settling.ended('swap', 'RequestExpired', log);
    });

    it('is decided on no state that is behind the log', async () => {
      const names = Array.from({ length: 15 }, (_, index) => `swap ${index}`);
      await settling.tell(names.map((name) => swapRequested(name)));
      await settling.tell([
        ...names.map((name) => swapped({ block: 'b', tx: name, names: name })),
        ingested('b', 10),
      ]);
      settling.now = DEADLINE + GRACE_MS + 1;
      settling.start({ batchSize: 1 });
      await settling.settled();
      for (const name of names) expect(await settling.typesOf(name)).not.toContain('RequestExpired');
    });

    it('gives way to a fact that the chain has all the same', async () => {
      settling.start();
      await settling.tell([swapRequested('swap')]);
      settling.now = DEADLINE + GRACE_MS + 1;
      await settling.ended('swap', 'RequestExpired');
      await settling.tell([swapped({ block: 'b', tx: 't', names: 'swap' })]);
      await settling.ended('swap', 'RequestConfirmed');
    });

    it('comes once more where a reorg took back what came after it', async () => {
      settling.start();
      await settling.tell([swapRequested('swap')]);
      settling.now = DEADLINE + GRACE_MS + 1;
      await settling.ended('swap', 'RequestExpired');
      await settling.tell([swapped({ block: 'b', tx: 't', names: 'swap' })]);
      await settling.ended('swap', 'RequestConfirmed');
      await settling.tell([reverted('b', 10)]);
      await settling.ended('swap', 'RequestRetracted');
      settling.now += 1;
      await settling.tell([ingested('b2', 10, DEADLINE / 1_000 + 1)]);
      await settling.ended('swap', 'RequestExpired');
    });

    it('does not come to a request that was confirmed', async () => {
      settling.start();
      await settling.tell(confirming);
      await settling.settled();
      settling.now = DEADLINE + 10 * GRACE_MS;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await settling.typesOf('swap')).at(-1)).toBe('RequestConfirmed');
    });
  });

  describe('what it keeps', () => {
    it('is nothing of a chain on which nobody asked for anything', async () => {
      settling.start();
      await settling.tell([
        swapped({ block: 'b', tx: 't' }),
        ...poolOpened({ block: 'b', tx: 'u' }),
        finalized(10),
      ]);
      await settling.settled();
      expect(await settling.tracked()).toBe(0);
    });

    it('is nothing of a request that was finalized', async () => {
      settling.start();
      await settling.tell([...confirming, finalized(10)]);
      await settling.ended('swap', 'RequestFinalized');
      await settling.settled();
      expect(await settling.tracked()).toBe(0);
    });

    it('is nothing of what expired or was reverted a week before the final block', async () => {
      settling.start();
      const late = DEADLINE / 1_000 + 7 * DAY_SECONDS;
      await settling.tell([
        swapRequested('expires', { user: BOB }),
        swapRequested('reverts'),
        failed({ block: 'b', tx: 't', names: 'reverts' }),
        ingested('c', 11, DEADLINE / 1_000 + 1),
      ]);
      await settling.ended('expires', 'RequestExpired');
      await settling.settled();
      await settling.tell([finalized(11, late)]);
      await settling.settled();
      expect(await settling.tracked()).toBe(2);
      [settling.passed, settling.now] = [60_000, settling.now - 3_600_000];
      await settling.tell([finalized(12, late + 1)]);
      await settling.settled();
      expect(await settling.tracked()).toBe(0);
    });
  });

  it('is woken by a fact rather than by looking for one from time to time', async () => {
    const log = await openPostgresEventStore({
      connectionString: settling.database.url,
      logger: silentLogger,
      pollIntervalMs: NEVER_MS,
    });
    settling.start({ log });
    await settling.tell(Array.from({ length: 40 }, (_, index) => swapRequested(`swap ${index}`)));
    await settling.settled();
    for (let index = 0; index < 40; index += 1) {
      const names = `swap ${index}`;
      await settling.tell([swapped({ block: `b ${index}`, number: index + 1, tx: `t ${index}`, names })]);
      while ((await settling.typesOf(names)).length < 2) await new Promise(setImmediate);
    }
    await settling.stop();
    await log.close();
  });
});
