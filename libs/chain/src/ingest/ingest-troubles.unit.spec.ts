import { MemoryEventStore } from '@abland/event-store';
import {
  type ConsumeOptions,
  type EventStore,
  EventStoreUnavailableError,
  type Json,
  type LogStream,
  type RecordedEvent,
  silentLogger,
  whenAborted,
} from '@abland/kernel';
import { LogStreamUnavailableError, MemoryLogStream } from '@abland/log-stream';
import { until } from '@abland/testing/eventually';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { cutMessages } from '../follow/cut-messages.js';
import type { ChainMessage } from '../follow/messages.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import { asMessage, CHAIN_ID, eventsIn, TOPIC, withLogs } from './chain-messages.fixture.js';
import { startIngester, type Ingester, type IngesterOptions } from './ingester.js';
import { CONTRACTS, creationLog, TOKEN, transferLog } from './sample-logs.fixture.js';

/** Looked at for tokens that it brings, decoded, made an event, measured. */
const PIECES_OF_A_LOG = 4;

/**
 * Turns of the event loop with work before them, by a clock on which each piece of work (each asking for the time) takes a
 * millisecond: however fast the machine is, a slice is ten pieces.
 */
function countTurnsAmongWork(): { turns: () => number; end: () => void } {
  let [now, seen, turns] = [0, 0, 0];
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 1));
  const turn = (): void => {
    if (now > seen) turns += 1;
    seen = now;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  const end = (): void => {
    clearImmediate(next);
    clock.mockRestore();
  };
  return { turns: () => turns, end };
}

describe('an ingester in trouble', () => {
  let eventStore: EventStore;
  let logStream: MemoryLogStream;
  let ingester: Ingester | null;
  beforeEach(() => {
    eventStore = new MemoryEventStore();
    logStream = new MemoryLogStream();
    ingester = null;
  });
  afterEach(async () => {
    await ingester?.stop();
    await logStream.close();
  });

  function start(options: Partial<IngesterOptions> = {}): Ingester {
    const parts = { contracts: CONTRACTS, eventStore, logStream, logger: silentLogger };
    return (ingester = startIngester({ chainId: CHAIN_ID, startBlock: 0, ...parts, ...options }));
  }
  const publish = (messages: readonly ChainMessage[]): Promise<bigint> =>
    logStream.publish(TOPIC, cutMessages(messages) as readonly Json[]);
  const stream = (): Promise<RecordedEvent[]> => eventsIn(eventStore, TOPIC);
  const failure = () => ingester?.status().failure;
  const ingested = (number: number): Promise<void> =>
    until(() => ingester?.status().ingested?.number === number, failure);
  const failed = (code: string): Promise<void> => until(() => failure()?.code === code, failure);

  it('lets everything else have its turn between any few of the very many logs of a block', async () => {
    const [first, second] = new SimulatedChain(2).blocksNow;
    const logs = Array.from({ length: 2_000 }, (_, index) =>
      index === 0 ? creationLog(0) : transferLog(TOKEN, index),
    );
    await publish([asMessage(withLogs(first, [])), asMessage(withLogs(second, logs))]);
    const others = countTurnsAmongWork();
    try {
      start();
      await until(() => ingester?.status().ingested?.number === 1);
    } finally {
      others.end();
    }
    expect(others.turns()).toBeGreaterThan(195 * PIECES_OF_A_LOG);
    expect(await stream()).toHaveLength(2_002);
  });

  it('comes round while nothing comes, and does not while it hangs, though it looks for what is next', async () => {
    const turns: number[] = [];
    const turnAge = (): number => ingester?.status().turnAgeMs ?? 0;
    const hanging = Promise.withResolvers<never>();
    const append = (): Promise<never> => hanging.promise;
    start({ eventStore: Object.assign(Object.create(eventStore) as EventStore, { append }) });
    await until(() => {
      turns.push(turnAge());
      return turns.filter((age, index) => age < (turns[index - 1] ?? 0)).length > 1;
    });
    await publish(new SimulatedChain(1).blocksNow.map(asMessage));
    // Longer than between two looks.
    await until(() => turnAge() > 2_500);
    expect(ingester?.status()).toMatchObject({ failure: null });
    hanging.reject(new EventStoreUnavailableError('given up'));
  });

  it.each([0, 3])(
    'is well again once the log stream is back, though nothing new comes after %i blocks',
    async (blocks) => {
      if (blocks > 0) {
        await publish(new SimulatedChain(blocks).blocksNow.map(asMessage));
        start();
        await ingested(blocks - 1);
        await ingester?.stop();
      }
      let away = true;
      const stream: LogStream = Object.assign(Object.create(logStream) as LogStream, {
        last: (topic: string) =>
          away ? Promise.reject(new LogStreamUnavailableError('away')) : logStream.last(topic),
      });
      start({ logStream: stream });
      await failed('LOG_STREAM_UNAVAILABLE');
      away = false;
      await until(() => ingester?.status().failure === null);
      expect(ingester?.status().state).toBe('RUNNING');
    },
  );

  it('takes in nothing of a block of which a part is missing', async () => {
    const [first] = new SimulatedChain(1).blocksNow;
    const logs = Array.from({ length: 3_000 }, (_, index) => transferLog(TOKEN, index));
    const cut = cutMessages([asMessage(withLogs(first, logs))], 200_000);
    expect(cut.length).toBeGreaterThan(4);
    start();
    await logStream.publish(TOPIC, cut.toSpliced(2, 1) as readonly Json[]);
    await failed('CHAIN_BLOCK_PARTS_MISSING');
    expect(await stream()).toEqual([]);
  });

  it('reads the whole log for its tokens once, however often it is interrupted', async () => {
    let scans = 0;
    let failures = 0;
    const failing: EventStore = Object.assign(Object.create(eventStore) as EventStore, {
      readAll: (...args: Parameters<EventStore['readAll']>) => {
        scans += 1;
        return eventStore.readAll(...args);
      },
      append: async (...args: Parameters<EventStore['append']>) => {
        failures += 1;
        if (failures % 3 !== 0) throw new EventStoreUnavailableError('unreachable');
        return eventStore.append(...args);
      },
    });
    const [first, second, third] = new SimulatedChain(3).blocksNow;
    start({ eventStore: failing });
    await publish([asMessage(withLogs(first, []))]);
    await ingested(0);
    await publish([asMessage(withLogs(second, [creationLog(0)]))]);
    await ingested(1);
    await publish([asMessage(withLogs(third, [transferLog(TOKEN, 0)]))]);
    await ingested(2);
    expect((await stream()).map(({ type }) => type)).toEqual([
      ...['BlockIngested', 'TokenCreated', 'BlockIngested', 'Transfer', 'BlockIngested'],
    ]);
    expect([failures, scans]).toEqual([9, 1]);
  });

  it('knows a token that another ingester took in meanwhile', async () => {
    const [first, second, third] = new SimulatedChain(3).blocksNow;
    start();
    await publish([asMessage(withLogs(first, []))]);
    await ingested(0);
    const [bringing, moving] = [withLogs(second, [creationLog(0)]), withLogs(third, [transferLog(TOKEN, 0)])];
    const other = startIngester({
      ...{ chainId: CHAIN_ID, contracts: CONTRACTS, startBlock: 0, eventStore, logger: silentLogger },
      logStream: Object.assign(Object.create(logStream) as MemoryLogStream, {
        async *consume(_topic: string, { signal }: ConsumeOptions) {
          yield [{ offset: 2n, value: asMessage(bringing) as unknown as Json }];
          await whenAborted(signal);
        },
      }),
    });
    await until(() => other.status().ingested?.number === 1);
    await other.stop();
    await publish([asMessage(bringing), asMessage(moving)]);
    await ingested(2);
    expect((await stream()).map(({ type }) => type)).toContain('Transfer');
  });

  it('begins an empty log with the first block of the chain, and with no later one', async () => {
    const { blocksNow } = new SimulatedChain(5);
    start();
    await publish(blocksNow.slice(2).map((block) => asMessage(withLogs(block, []))));
    await failed('CHAIN_MESSAGE_OUT_OF_ORDER');
    expect(await stream()).toEqual([]);
    await ingester?.stop();
    start({ startBlock: 2 });
    await ingested(4);
  });
});
