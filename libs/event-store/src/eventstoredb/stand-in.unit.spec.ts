import { setTimeout as sleep } from 'node:timers/promises';
import {
  EventStoreUnavailableError,
  InvalidAppendError,
  LogMismatchError,
  type NewEvent,
  silentLogger,
  systemTiming,
  UnknownPositionError,
} from '@abland/kernel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { describeEventStoreLaws } from '../laws/event-store-laws.js';
import { describeReplacedLogLaws } from '../laws/replaced-log-laws.js';
import { openEventIndex } from '../event-index.js';
import { collect, followUntil, idsOf, sampleEvent, sampleEvents } from '../laws/sample-events.js';
import { KnownLog } from '../reading/known-log.js';
import { connect } from './connect.js';
import { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { EventStoreDbReader } from './eventstoredb-reader.js';
import { eventually, until } from '@abland/testing';
import { StandInServer } from '@abland/testing/eventstoredb';

describeEventStoreLaws('EventStoreDB adapter on a stand-in server (not the real one)', async () => {
  const server = await StandInServer.start();
  const store = new EventStoreDbEventStore({ connectionString: server.url, logger: silentLogger });
  return {
    store,
    close: async () => {
      await store.close();
      server.kill();
    },
  };
});

describeReplacedLogLaws('EventStoreDB adapter on a stand-in server (not the real one)', async () => {
  const server = await StandInServer.start();
  return {
    open: async () => new EventStoreDbEventStore({ connectionString: server.url, logger: silentLogger }),
    replace: () => server.recreate(),
    close: async () => server.kill(),
  };
});

/** Waited for in vain, and longer than an answer takes on a busy machine. */
const IN_VAIN_MS = 8_000;

/** Repeats what fails because the server is out of reach, and nothing else. */
const reaching = async <Result>(act: () => Promise<Result>, onFailure?: () => void): Promise<Result> => {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      expect(error).toBeInstanceOf(EventStoreUnavailableError);
      onFailure?.();
      await sleep(20);
    }
  }
};

describe('EventStoreDB adapter, with faults of a stand-in server (not the real one)', () => {
  let server: StandInServer;
  let store: EventStoreDbEventStore;
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeAll(() => {
    process.on('unhandledRejection', note);
    process.on('uncaughtException', note);
  });
  afterAll(() => {
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
  });
  beforeEach(async () => {
    unhandled.length = 0;
    server = await StandInServer.start();
    store = new EventStoreDbEventStore({ connectionString: server.url, logger: silentLogger });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await store.close();
    server.kill();
    expect(unhandled).toEqual([]);
  });

  it.each([
    ['that it has not heard of', false],
    ['that it has heard of', true],
  ])('reads back from where the log ended, past what others appended since %s', async (_, heard) => {
    const client = connect(server.url);
    try {
      const known = new KnownLog();
      const reader = new EventStoreDbReader(client, known);
      const before = sampleEvents(2);
      await store.append('one', before, 'no_stream');
      const head = await reader.head();
      if (!heard) known.mark = null; // as where the end was asked for while the log had nothing of ours
      const since = await store.append('one', sampleEvents(40), 'any');
      if (heard) known.note({ position: since.position, id: 'appended here' });
      const { parts } = await reader.scan({
        ...{ direction: 'backward', from: head + 1n, to: 1n, limit: 1 },
        filter: undefined,
      });
      expect([...parts(1)].map(idsOf)).toEqual([idsOf(before.slice(1))]);
    } finally {
      await client.dispose();
    }
  });

  it('gives a read up that the server never answers, whichever it is, and reads on by the next', async () => {
    const impatient = new EventStoreDbEventStore({
      ...{ connectionString: server.url, logger: silentLogger, readIdleMs: IN_VAIN_MS },
    });
    try {
      const events = sampleEvents(3);
      await impatient.append('stream', events, 'no_stream');
      const reads: (() => Promise<unknown>)[] = [
        () => impatient.head(),
        () => collect(impatient.readAll()),
        () => collect(impatient.readStream('stream')),
      ];
      server.holdReads(reads.length); // the first of each
      const held = await Promise.allSettled(reads.map((read) => read()));
      for (const result of held)
        expect(result).toEqual({ status: 'rejected', reason: expect.any(EventStoreUnavailableError) });
      for (const read of reads) await expect(read()).resolves.toBeDefined();
      expect(unhandled).toEqual([]);
    } finally {
      await impatient.close();
    }
  });

  it('fails an append whose answer was lost as unavailable, and stores its repetition once', async () => {
    await store.append('s', sampleEvents(1), 'no_stream');
    for (const expected of [0n, 'any'] as const) {
      const events = sampleEvents(2);
      server.loseAnswers(1);
      await expect(store.append('s', events, expected)).rejects.toThrow(EventStoreUnavailableError);
      expect((await store.append('s', events, expected)).duplicate).toBe(true);
    }
    expect(await collect(store.readStream('s'))).toHaveLength(5);
  });

  it('stores an append with any expectation once although the server was killed and forgot it', async () => {
    const events = sampleEvents(2);
    const first = await store.append('s', events, 'any');
    server.kill();
    await server.listen();
    const repeat = async (): ReturnType<typeof store.append> =>
      store.append('s', events, 'any').catch(async (error: unknown) => {
        expect(error).toBeInstanceOf(EventStoreUnavailableError);
        await sleep(50);
        return repeat();
      });
    expect(await repeat()).toEqual({ ...first, duplicate: true });
    expect(await collect(store.readStream('s'))).toHaveLength(2);
  });

  it('loses and doubles nothing while the server is killed and restarted under load', async () => {
    const seen = followUntil(store, { batchSize: 50 }, (events) => events.length >= 400);
    const append = (stream: string): Promise<unknown> => {
      const events = sampleEvents(2);
      return reaching(() => store.append(stream, events, 'any'));
    };
    const lanes = Array.from({ length: 20 }, async (_, lane) => {
      for (let index = 0; index < 10; index += 1) await append(`s-${lane}`);
    });
    for (let kill = 0; kill < 3; kill += 1) {
      await sleep(100);
      server.kill();
      await sleep(100);
      await server.listen();
    }
    await Promise.all(lanes);
    const delivered = await seen;
    expect(delivered).toHaveLength(400);
    expect(idsOf(delivered)).toEqual(idsOf(await collect(store.readAll())));
    expect(new Set(idsOf(delivered)).size).toBe(400);
  });

  it('subscribes again after the server dropped it as too slow', async () => {
    let delivered = 0;
    const seen = followUntil(store, {}, (events) => (delivered = events.length) >= 4);
    await store.append('s', sampleEvents(2), 'any');
    await eventually(() => expect(delivered).toBe(2));
    // What was there already is read, whether or not the server has heard of the subscription.
    await until(() => server.dropSlowConsumers() === 1);
    await store.append('s', sampleEvents(2), 'any');
    expect((await seen).map(({ revision }) => revision)).toEqual([0n, 1n, 2n, 3n]);
  });

  it('takes a server that starts as unavailable', async () => {
    server.setReady(false);
    const events = sampleEvents(1);
    await expect(store.append('s', events, 'no_stream')).rejects.toThrow(EventStoreUnavailableError);
    server.setReady(true);
    expect(await store.append('s', events, 'no_stream')).toMatchObject({ revision: 0n, duplicate: false });
  });

  it.each(['busy', 'unknown', 'ended'] as const)(
    'takes an append that fails for no reason of its own (%s) as one that may be repeated',
    async (fault) => {
      const events = sampleEvents(1);
      server.failNextAppend(fault);
      await expect(store.append('s', events, 'no_stream')).rejects.toThrow(EventStoreUnavailableError);
      expect(await store.append('s', events, 'no_stream')).toMatchObject({ revision: 0n, duplicate: false });
    },
  );

  it('refuses what the server calls a bad request, with its reason', async () => {
    server.failNextAppend('bad-request');
    await expect(store.append('s', sampleEvents(1), 'no_stream')).rejects.toMatchObject({
      code: 'INVALID_APPEND',
      message: expect.stringContaining('a reason'),
    });
  });

  it('finds the place of an append that was answered without one', async () => {
    const events = sampleEvents(2);
    server.failNextAppend('no-position');
    const { revision, position } = await store.append('s', events, 'no_stream');
    expect(revision).toBe(1n);
    expect((await collect(store.readStream('s'))).at(-1)?.position).toBe(position);
    expect(await collect(store.readStream('s'))).toHaveLength(2);
  });

  it('goes to the leader with appends and reads, whichever node it was sent to', async () => {
    await store.append('s', sampleEvents(2), 'no_stream');
    const follower = await server.startFollower();
    const other = new EventStoreDbEventStore({ connectionString: follower.url, logger: silentLogger });
    try {
      follower.forgetEvents(); // as one that lags behind
      expect(await reaching(() => collect(other.readStream('s')))).toHaveLength(2);
      const events = sampleEvents(1);
      await reaching(() => other.append('s', events, 1n));
      expect(await collect(store.readAll())).toHaveLength(3);
    } finally {
      await other.close();
      follower.kill();
    }
  });

  it('loses and doubles nothing while another node takes the lead under load', async () => {
    const follower = await server.startFollower();
    const append = (stream: string): Promise<unknown> => {
      const events = sampleEvents(2);
      return reaching(() => store.append(stream, events, 'any'));
    };
    const seen = followUntil(store, {}, (events) => events.length >= 320);
    const lanes = Array.from({ length: 16 }, async (_, lane) => {
      for (let index = 0; index < 10; index += 1) await append(`s-${lane}`);
    });
    let [leader, next] = [server, follower];
    for (let change = 0; change < 3; change += 1) {
      await sleep(30);
      leader.giveWayTo(next);
      [leader, next] = [next, leader];
    }
    await Promise.all(lanes);
    const delivered = idsOf(await seen);
    expect(new Set(delivered).size).toBe(320);
    expect(delivered).toHaveLength(320);
    expect(idsOf(await collect(store.readAll()))).toEqual(delivered);
    await store.close();
    follower.kill();
  });

  it('cuts an append beyond the server limit, and completes it when it is repeated', async () => {
    const events = Array.from({ length: 30 }, () => sampleEvent({ filling: 'x'.repeat(100_000) }));
    await store.append('s', events.slice(0, 9), 'no_stream');
    expect(await store.append('s', events, 'no_stream')).toMatchObject({ revision: 29n, duplicate: false });
    expect(await store.append('s', events, 'no_stream')).toMatchObject({ revision: 29n, duplicate: true });
    expect(idsOf(await collect(store.readStream('s')))).toEqual(idsOf(events));
    const tooLarge = [sampleEvent({ filling: 'x'.repeat(1_100_000) })];
    await expect(store.append('t', tooLarge, 'no_stream')).rejects.toThrow(InvalidAppendError);
  });

  it('cuts an append further where the server counts more than its data', async () => {
    server.countMetadata();
    const large = (): NewEvent => {
      const event = sampleEvent({ filling: 'x'.repeat(30_000) });
      return { ...event, metadata: { ...event.metadata, actor: `user:${'y'.repeat(30_000)}` } };
    };
    const events = Array.from({ length: 30 }, large);
    await store.append('s', sampleEvents(1), 'no_stream');
    expect(await store.append('s', events, 0n)).toMatchObject({ revision: 30n, duplicate: false });
    expect(await store.append('s', events, 0n)).toMatchObject({ revision: 30n, duplicate: true });
    expect(idsOf(await collect(store.readStream('s'))).slice(1)).toEqual(idsOf(events));
    const event = sampleEvent({ filling: 'x'.repeat(900_000) });
    const tooLarge = { ...event, metadata: { ...event.metadata, actor: `user:${'y'.repeat(300_000)}` } };
    await expect(store.append('t', [tooLarge], 'no_stream')).rejects.toThrow(InvalidAppendError);
  });

  it('notices that the database was made anew', async () => {
    const { position } = await store.append('s', sampleEvents(3), 'any');
    await server.recreate();
    const follow = (): Promise<unknown> => followUntil(store, { after: position }, () => true);
    await expect(follow()).rejects.toThrow(LogMismatchError);
    const larger = Array.from({ length: 20 }, () => sampleEvent({ filling: 'x'.repeat(50) }));
    const other = new EventStoreDbEventStore({ connectionString: server.url, logger: silentLogger });
    await reaching(() => other.append('t', larger, 'any'));
    await other.close();
    await expect(follow()).rejects.toThrow(LogMismatchError);
  });

  it('lets each of many writers append to one stream, whatever the others do', async () => {
    const writers = Array.from(
      { length: 8 },
      () => new EventStoreDbEventStore({ connectionString: server.url, logger: silentLogger }),
    );
    let failures = 0;
    // For as long as somebody waits: by this clock nobody has waited yet, however slow the machine.
    jest.spyOn(systemTiming, 'now').mockReturnValue(systemTiming.now());
    await Promise.all(
      writers.map(async (writer) => {
        for (let index = 0; index < 10; index += 1) {
          const events = sampleEvents(1);
          await reaching(
            () => writer.append('s', events, 'any'),
            () => (failures += 1),
          );
        }
        await writer.close();
      }),
    );
    expect(await collect(store.readStream('s'))).toHaveLength(80);
    // On a machine that stands for long some are; where each is tried once, most.
    expect(failures).toBeLessThan(writers.length);
  });

  it('reads the end of the log back as far as it is known, however much the server wrote of its own', async () => {
    await store.append('s', sampleEvents(1), 'no_stream');
    const head = await store.head();
    server.writeOfItsOwn(2_000);
    expect(await store.head()).toBe(head);
    server.writeOfItsOwn(3);
    const before = server.recordsRead;
    expect(await store.head()).toBe(head);
    expect(server.recordsRead - before).toBeLessThan(100);
    const { position } = await store.append('s', sampleEvents(1), 0n);
    server.writeOfItsOwn(10);
    expect(await store.head()).toBe(position);
  });

  it('reads near a place of the log without what comes after it', async () => {
    for (let index = 0; index < 20; index += 1) await store.append('s', sampleEvents(250), 'any');
    const [first, second] = await collect(store.readStream('s', { maxCount: 2 }));
    const [one, next] = [first?.position ?? 0n, second?.position ?? 0n];
    const before = server.recordsRead;
    const newest = { direction: 'backward', maxCount: 1 } as const;
    expect(idsOf(await collect(store.readAll({ ...newest, after: one + 1n })))).toEqual([first?.id]);
    expect(idsOf(await collect(store.readAll({ ...newest, after: next })))).toEqual([first?.id]);
    for (const direction of ['forward', 'backward'] as const) {
      const between = store.readAll({ direction, after: one + 2n, maxCount: 1 });
      await expect(collect(between)).rejects.toThrow(UnknownPositionError);
    }
    expect(server.recordsRead - before).toBeLessThan(500);
  });

  it('goes on where the server took away of its own what was the end', async () => {
    const { position } = await store.append('s', sampleEvents(1), 'no_stream');
    server.writeOfItsOwn(5);
    expect(await store.head()).toBe(position);
    server.takeAwayItsOwn();
    expect(await store.head()).toBe(position);
    expect(await store.append('s', sampleEvents(1), 0n)).toMatchObject({ revision: 1n });
  });

  it('appends though its clock is behind that of the server', async () => {
    server.setClockAhead(3_600_000);
    expect(await store.append('s', sampleEvents(1), 'no_stream')).toMatchObject({ revision: 0n });
  });

  it('tells a refusal of its credentials from a position of no event', async () => {
    const { position } = await store.append('s', sampleEvents(1), 'no_stream');
    const index = await openEventIndex(server.url);
    server.refuseReads();
    try {
      const follow = (): Promise<unknown> => followUntil(store, { after: position }, () => true);
      await expect(follow()).rejects.toMatchObject({ code: 'EVENT_STORE_ACCESS_DENIED' });
      await expect(index.placeAt(position)).rejects.toMatchObject({ code: 'EVENT_STORE_ACCESS_DENIED' });
    } finally {
      await index.close();
    }
  });

  it('names a stream that somebody deleted', async () => {
    await store.append('s', sampleEvents(1), 'no_stream');
    server.deleteStream('s');
    await expect(collect(store.readStream('s'))).rejects.toMatchObject({
      code: 'EVENT_STORE_STREAM_DELETED',
    });
  });
});
