import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryEventStore } from '@abland/event-store';
import { type Json, type RecordedEvent, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BlockLog, ChainBlock, EarlierBlock } from '../blocks/chain-block.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import { asMessage, CHAIN_ID, eventsIn, TOPIC, untilFailed, withLogs } from './chain-messages.fixture.js';
import { type Ingester, startIngester } from './ingester.js';
import { CONTRACTS, creationLog, TOKEN, transferLog } from './sample-logs.fixture.js';

describe('what a block brings along of earlier ones', () => {
  const [first, second] = new SimulatedChain(2).blocksNow as [ChainBlock, ChainBlock];
  let eventStore: MemoryEventStore;
  let logStream: MemoryLogStream;
  let ingester: Ingester;
  beforeEach(async () => {
    [eventStore, logStream] = [new MemoryEventStore(), new MemoryLogStream()];
    ingester = startIngester({
      ...{ chainId: CHAIN_ID, contracts: CONTRACTS, startBlock: 0, logger: silentLogger },
      ...{ eventStore, logStream },
    });
    await publish(withLogs(first, []));
  });
  afterEach(() => ingester.stop());

  const publish = (block: ChainBlock): Promise<bigint> =>
    logStream.publish(TOPIC, [asMessage(block) as Json]);
  const before = (...logs: readonly BlockLog[]): readonly EarlierBlock[] => [{ ...withLogs(first, logs) }];
  async function until(count: number): Promise<readonly RecordedEvent[]> {
    for (let waited = 0; waited < 12_000; waited += 1) {
      const events = await eventsIn(eventStore, TOPIC);
      if (events.length >= count) return events;
      await sleep(5);
    }
    throw new Error('They did not come');
  }

  it('tells of tokens that the block itself transfers', async () => {
    const earlier = before(transferLog(TOKEN, 0), creationLog(1));
    await publish({ ...withLogs(second, [transferLog(TOKEN, 0)]), earlier });
    const events = await until(5);
    expect(events.map(({ type, metadata }) => `${type} ${metadata.chain?.blockNumber}`)).toEqual([
      ...['BlockIngested 0', 'Transfer 0', 'TokenCreated 0', 'Transfer 1', 'BlockIngested 1'],
    ]);
  });

  it('is refused where the indexer follows another contract in the place of one of ours, which is named', async () => {
    const other = `0x${'c3'.repeat(20)}`;
    await publish({ ...withLogs(second, []), followed: [CONTRACTS.tokenFactory.toLowerCase(), other] });
    const { message } = await untilFailed(ingester, 'CONTRACTS_UNKNOWN');
    expect(message).toContain(`not told of: ${other}`);
    expect(message).toContain(`told of: liquidityManager ${CONTRACTS.liquidityManager.toLowerCase()}`);
  });

  it('is refused where it is of contracts that this program is not told of', async () => {
    const stranger = `0x${'c3'.repeat(20)}`;
    const earlier = before({ ...creationLog(0), address: stranger });
    await publish({ ...withLogs(second, []), earlier, earlierOf: [stranger] });
    expect((await untilFailed(ingester, 'CONTRACTS_UNKNOWN')).message).toContain(stranger);
    expect(await eventsIn(eventStore, TOPIC)).toHaveLength(1);
  });
});
