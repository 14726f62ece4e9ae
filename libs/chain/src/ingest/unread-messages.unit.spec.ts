import { MemoryEventStore } from '@abland/event-store';
import { type Json, type RecordedEvent, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import {
  asMessage,
  CHAIN_ID,
  eventsIn,
  TOPIC,
  untilFailed,
  withLogs,
  untilEvents,
} from './chain-messages.fixture.js';
import { startIngester, type Ingester } from './ingester.js';
import { CONTRACTS, feeLog } from './sample-logs.fixture.js';

const KINDLESS = { blok: 7 };
const NEWER = { kind: 'checkpoint', text: 'z'.repeat(20_000) };

describe('a message of the log stream that cannot be read', () => {
  let eventStore: MemoryEventStore;
  let logStream: MemoryLogStream;
  let ingester: Ingester | null = null;
  beforeEach(() => {
    eventStore = new MemoryEventStore();
    logStream = new MemoryLogStream();
  });
  afterEach(async () => {
    await ingester?.stop();
    await logStream.close();
  });

  function start(): Ingester {
    const parts = { contracts: CONTRACTS, eventStore, logStream, logger: silentLogger };
    return (ingester = startIngester({ chainId: CHAIN_ID, startBlock: 0, ...parts }));
  }
  const publish = (messages: readonly unknown[]) => logStream.publish(TOPIC, messages as readonly Json[]);
  const stream = (): Promise<RecordedEvent[]> => eventsIn(eventStore, TOPIC);
  const until = (count: number): Promise<RecordedEvent[]> => untilEvents(eventStore, count);
  const blocks = () =>
    new SimulatedChain(3).blocksNow.map((block) => asMessage(withLogs(block, [feeLog(0)])));

  it('is parked with its reason, once through restarts, and the chain goes on where order allows', async () => {
    const [first, second, third] = blocks();
    start();
    await publish([first, KINDLESS, NEWER]);
    await until(2);
    await ingester?.stop();
    start();
    await publish([second]);
    await until(6);
    await ingester?.stop();
    start();
    await publish([second, third]);
    const events = await until(8);
    expect(events.map(({ type }) => type)).toEqual([
      ...['CreationFeeUpdated', 'BlockIngested', 'MessageParked', 'MessageParked'],
      ...['CreationFeeUpdated', 'BlockIngested', 'CreationFeeUpdated', 'BlockIngested'],
    ]);
    const [kindless, newer] = events.slice(2).map(({ data }) => data);
    expect(kindless).toMatchObject({ topic: TOPIC, code: 'MESSAGE_ILL_FORMED', reason: 'kind is no text' });
    expect(newer).toMatchObject({
      code: 'MESSAGE_KIND_UNKNOWN',
      message: expect.stringMatching(/^.{10000}$/),
    });
    expect(events[5]?.data['facts']).toBe(1);
  });

  it.each([
    ['no hash', { hash: 7 }, 'block.hash is no hash'],
    ['no list of logs', { logs: null }, 'block.logs is no list'],
    ['a log with half a byte', { logs: [{ ...feeLog(0), data: '0x1' }] }, 'block.logs[0].data is no bytes'],
    ['a command that is none', { commands: { x: 'y' } }, 'a name of block.commands is no hash'],
  ])('stops its chain where it told a block: one of %s', async (_, wrong, reason) => {
    const [first, second, third] = blocks();
    const running = start();
    await publish([first]);
    await until(2);
    await publish([{ kind: 'block', block: { ...(second as { block: object }).block, ...wrong } }, third]);
    const failure = await untilFailed(running, 'CHAIN_MESSAGE_UNREADABLE');
    expect(failure.message).toContain(reason);
    expect(failure.message).toContain('empty the topic');
    expect(await stream()).toHaveLength(2);
    // Told anew, it goes on.
    await running.stop();
    logStream = new MemoryLogStream();
    start();
    await publish([first, second, third]);
    await until(6);
  });
});
