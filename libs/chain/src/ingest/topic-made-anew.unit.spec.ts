import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { type Json, type LogStream, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { until } from '@abland/testing/eventually';
import type { ChainMessage } from '../follow/messages.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import {
  asMessage,
  CHAIN_ID,
  eventsIn,
  reverted,
  TOPIC,
  untilEvents,
  untilFailed,
  withLogs,
} from './chain-messages.fixture.js';
import { type Ingester, type IngesterOptions, startIngester } from './ingester.js';
import { CONTRACTS, feeLog } from './sample-logs.fixture.js';

describe('a topic that was made anew while the chain went over to another branch', () => {
  let chain: SimulatedChain;
  let eventStore: MemoryEventStore;
  let ingester: Ingester | null = null;
  beforeEach(() => {
    chain = new SimulatedChain(8);
    eventStore = new MemoryEventStore();
  });
  afterEach(() => ingester?.stop());

  const start = (logStream: LogStream, options: Partial<IngesterOptions> = {}): Ingester => {
    const followed = { chainId: CHAIN_ID, contracts: CONTRACTS, startBlock: 0, logger: silentLogger };
    ingester = startIngester({ ...followed, eventStore, logStream, ...options });
    return ingester;
  };
  const publish = (stream: LogStream, messages: readonly ChainMessage[]): Promise<bigint> =>
    stream.publish(TOPIC, messages as readonly Json[]);
  const told = (): ChainMessage[] => chain.blocksNow.map((block) => asMessage(withLogs(block, [feeLog(0)])));
  const final = (number: number): ChainMessage => {
    const { hash, time } = chain.blocksNow[number] ?? chain.blocksNow[0] ?? { hash: '', time: 0 };
    return { kind: 'finalized', final: { number, hash, time } };
  };
  const hashes = async (type: string): Promise<unknown[]> =>
    (await eventsIn(eventStore, TOPIC))
      .filter((event) => event.type === type)
      .map(({ data }) => data['hash'] ?? data['hashes']);

  /** What the log has of the branch that was there first: blocks 0 to 7, final up to a number. */
  async function ingestFirst(upTo: number): Promise<void> {
    const first = new MemoryLogStream();
    start(first);
    await publish(first, [...told(), final(upTo)]);
    await untilEvents(eventStore, 17);
    await ingester?.stop();
  }

  it('has what the log is ahead of it on another branch taken back, once, and goes on', async () => {
    await ingestFirst(3);
    const taken = chain.shrink(3).map(({ hash }) => hash);
    chain.grow(4);
    const anew = new MemoryLogStream();
    await publish(anew, [...told(), final(4)]);
    for (let starts = 0; starts < 2; starts += 1) {
      start(anew);
      await untilEvents(eventStore, 17 + 1 + 2 * 4 + 1);
      expect(ingester?.status().failure).toBeNull();
      await ingester?.stop();
    }
    expect(await hashes('BlocksReverted')).toEqual([taken.toReversed()]);
    expect((await hashes('BlockIngested')).slice(8)).toEqual(
      chain.blocksNow.slice(5).map(({ hash }) => hash),
    );
    chain.grow(1);
    start(anew);
    await publish(anew, told().slice(-1));
    expect(await untilEvents(eventStore, 17 + 1 + 2 * 5 + 1)).toHaveLength(29);
  });

  it('lets nothing final be taken back, unless an operator let go of that branch before the topic went', async () => {
    await ingestFirst(6);
    const tip = chain.blocksNow.at(-1)?.hash ?? '';
    const taken = chain.shrink(5).map(({ hash }) => hash);
    chain.grow(6);
    const anew = new MemoryLogStream();
    await publish(anew, told());
    for (const acceptedTip of [null, chain.blocksNow[2]?.hash ?? '']) {
      await untilFailed(
        start(anew, { acceptedTip: () => Promise.resolve(acceptedTip) }),
        'CHAIN_MESSAGE_OUT_OF_ORDER',
      );
      await ingester?.stop();
      expect(await eventsIn(eventStore, TOPIC)).toHaveLength(17);
    }
    for (let starts = 0; starts < 2; starts += 1) {
      start(anew, { acceptedTip: () => Promise.resolve(tip) });
      await untilEvents(eventStore, 17 + 1 + 2 * 6);
      await until(() => ingester?.status().finalized?.number === 2);
      expect(ingester?.status().failure).toBeNull();
      await ingester?.stop();
    }
    expect(await hashes('BlocksReverted')).toEqual([taken.toReversed()]);
    expect((await hashes('BlockIngested')).slice(8)).toEqual(
      chain.blocksNow.slice(3).map(({ hash }) => hash),
    );
  });

  it('takes nothing back for a branch that the topic itself takes back', async () => {
    const fork = chain.blocksNow[6];
    chain.shrink(1);
    chain.grow(2);
    const orphans = told().slice(7);
    const gone = chain.shrink(2);
    chain.grow(1);
    await ingestFirst(3);
    chain.grow(1);
    const anew = new MemoryLogStream();
    await publish(anew, [...told().slice(0, 7), ...orphans, reverted(gone, fork), ...told().slice(7)]);
    const running = start(anew);
    await until(() => running.status().ingested?.hash === chain.blocksNow.at(-1)?.hash);
    expect(await hashes('BlocksReverted')).toEqual([]);
    expect(await hashes('BlockIngested')).toEqual(chain.blocksNow.map(({ hash }) => hash));
  });

  it('takes nothing back for a block that is refused', async () => {
    await ingestFirst(3);
    chain.shrink(3);
    chain.grow(4);
    const anew = new MemoryLogStream();
    const unknown = `0x${'d4'.repeat(20)}`;
    const blocks = chain.blocksNow.map((block) => ({ ...withLogs(block, []), followed: [unknown] }));
    await publish(anew, blocks.map(asMessage));
    await untilFailed(start(anew), 'CONTRACTS_UNKNOWN');
    expect(await hashes('BlocksReverted')).toEqual([]);
  });

  it('is no reason to believe a block out of order once it has told a new one', async () => {
    await ingestFirst(3);
    const anew = new MemoryLogStream();
    chain.grow(1);
    await publish(anew, told());
    const running = start(anew);
    await untilEvents(eventStore, 19);
    chain.shrink(2);
    chain.grow(3);
    await publish(anew, told().slice(-3));
    await untilFailed(running, 'CHAIN_MESSAGE_OUT_OF_ORDER');
    expect(await eventsIn(eventStore, TOPIC)).toHaveLength(19);
  });
});
