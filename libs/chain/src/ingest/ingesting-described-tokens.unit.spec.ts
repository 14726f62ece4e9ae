import { MemoryEventStore } from '@abland/event-store';
import { type Json, type RecordedEvent, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getAddress } from 'ethers';
import type { ChainBlock, DescribedToken } from '../blocks/chain-block.js';
import type { ChainMessage } from '../follow/messages.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import { asMessage, CHAIN_ID, reverted, TOPIC, withLogs, untilEvents } from './chain-messages.fixture.js';
import { type Ingester, startIngester } from './ingester.js';
import { CONTRACTS, creationLog, FOREIGN_TOKEN, TOKEN } from './sample-logs.fixture.js';

const told = (token: string): DescribedToken => ({
  ...{ token, name: 'Dollar \u202e\0', symbol: 'USD', decimals: 6, state: 'BLOCK' },
  missing: { name: null, symbol: null, decimals: null },
});

describe('what a stranger’s token says of itself', () => {
  const [first, second] = new SimulatedChain(2).blocksNow;
  let eventStore: MemoryEventStore;
  let logStream: MemoryLogStream;
  let ingester: Ingester;
  beforeEach(() => {
    eventStore = new MemoryEventStore();
    logStream = new MemoryLogStream();
    start();
  });
  afterEach(() => ingester.stop());

  function start(): void {
    ingester = startIngester({
      ...{ chainId: CHAIN_ID, contracts: CONTRACTS, startBlock: 0, logger: silentLogger },
      ...{ eventStore, logStream },
    });
  }
  const publish = (...messages: readonly ChainMessage[]): Promise<bigint> =>
    logStream.publish(TOPIC, messages as readonly Json[]);
  const until = (count: number): Promise<readonly RecordedEvent[]> => untilEvents(eventStore, count);
  const typesOf = (events: readonly RecordedEvent[]): readonly string[] => events.map(({ type }) => type);
  const opening = (...tokens: readonly string[]): ChainBlock => ({
    ...withLogs(second, [creationLog(0)]),
    described: tokens.map(told),
  });

  it('is a fact of the block that tells of it, before its end; of a token that the block creates it is none', async () => {
    await publish(asMessage(withLogs(first, [])), asMessage(opening(TOKEN, FOREIGN_TOKEN)));
    const events = await until(4);
    expect(typesOf(events)).toEqual(['BlockIngested', 'TokenCreated', 'TokenDescribed', 'BlockIngested']);
    expect(events[2]).toMatchObject({
      data: { ...told(FOREIGN_TOKEN), token: getAddress(FOREIGN_TOKEN) },
      metadata: { chain: { blockNumber: 1, blockHash: second?.hash, txHash: null, logIndex: null } },
    });
    expect(events[3]?.data).toMatchObject({ facts: 2 });
  });

  it('comes once, is taken back with its block, and comes again with the block', async () => {
    const block = opening(FOREIGN_TOKEN);
    await publish(asMessage(withLogs(first, [])), asMessage(block));
    const before = await until(4);
    await ingester.stop();
    start();
    await publish(asMessage(block), reverted([block], first), asMessage(block));
    const events = await until(8);
    expect(typesOf(events).slice(4)).toEqual([
      ...['BlocksReverted', 'TokenCreated', 'TokenDescribed', 'BlockIngested'],
    ]);
    expect(events[6]?.id).not.toBe(before[2]?.id);
  });

  it('is missing in the blocks of an indexer that does not ask, which are taken all the same', async () => {
    await publish(asMessage(withLogs(first, [])), asMessage(withLogs(second, [creationLog(0)])));
    expect(typesOf(await until(3))).toEqual(['BlockIngested', 'TokenCreated', 'BlockIngested']);
  });
});
