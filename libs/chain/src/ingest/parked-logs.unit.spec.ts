import { MemoryEventStore } from '@abland/event-store';
import { type Json, type RecordedEvent, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getAddress } from 'ethers';
import type { BlockLog, ChainBlock } from '../blocks/chain-block.js';
import type { ChainMessage } from '../follow/messages.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import {
  asMessage,
  CHAIN_ID,
  eventsIn,
  reverted,
  TOPIC,
  withLogs,
  untilEvents,
} from './chain-messages.fixture.js';
import { startIngester, type Ingester } from './ingester.js';
import { COMMAND, CONTRACTS, creationLog, feeLog, TOKEN, transferLog, TX } from './sample-logs.fixture.js';

describe('a parked log', () => {
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

  function start(): void {
    const parts = { contracts: CONTRACTS, eventStore, logStream, logger: silentLogger };
    ingester = startIngester({ chainId: CHAIN_ID, startBlock: 0, ...parts });
  }
  const publish = (messages: readonly ChainMessage[]): Promise<bigint> =>
    logStream.publish(TOPIC, messages as readonly Json[]);
  const stream = (): Promise<RecordedEvent[]> => eventsIn(eventStore, TOPIC);
  const until = (count: number): Promise<RecordedEvent[]> => untilEvents(eventStore, count);

  it('is told whole, in the place of its fact, and the rest of the block flows', async () => {
    const chain = new SimulatedChain(2);
    const broken: BlockLog = { ...feeLog(1), data: '0x1234' };
    start();
    await publish([
      asMessage(withLogs(chain.blocksNow[0], [feeLog(0), broken, creationLog(2)])),
      asMessage(withLogs(chain.blocksNow[1], [])),
    ]);
    const events = await until(5);
    expect(events.map(({ type }) => type)).toEqual([
      ...['CreationFeeUpdated', 'LogParked', 'TokenCreated', 'BlockIngested', 'BlockIngested'],
    ]);
    const { address, topics, data } = broken;
    expect(events[1]).toMatchObject({
      data: {
        ...{ role: 'TOKEN_FACTORY', code: 'LOG_UNDECODABLE', reason: expect.stringContaining('too few') },
        log: { address: getAddress(address), topics, data },
      },
      metadata: { actor: 'chain', chain: { blockNumber: 0, logIndex: 1, txHash: TX, commandId: COMMAND } },
    });
    expect(events[3]?.data['facts']).toBe(3);
    expect(ingester?.status().parkedLogs).toBe(1);
  });

  it('is told once, and again where its block was taken back and returns', async () => {
    const chain = new SimulatedChain(3);
    const nft: BlockLog = {
      ...transferLog(TOKEN, 1),
      topics: [...transferLog(TOKEN, 1).topics, TX],
      data: '0x',
    };
    const blocks = chain.blocksNow.map((one, index) =>
      asMessage(withLogs(one, index === 2 ? [creationLog(0), nft] : [])),
    );
    const [last] = chain.shrink(1);
    const back = reverted([last as ChainBlock], chain.blocksNow[1]);
    const eventsAfter = [1, 2, 5, 6, 9];
    for (const [index, message] of [...blocks, back, ...blocks.slice(2)].entries()) {
      start();
      await publish([message, message]);
      await until(eventsAfter[index] ?? 0);
      await ingester?.stop();
    }
    start();
    const parked = (await until(9)).filter(({ type }) => type === 'LogParked');
    expect(parked).toHaveLength(2);
    expect(parked[0]?.id).not.toBe(parked[1]?.id);
    expect(parked[0]?.data).toEqual(parked[1]?.data);
    expect(await stream()).toHaveLength(9);
  });
});
