import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { type Json, type LogStream, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { until } from '@abland/testing/eventually';
import type { ChainMessage } from '../follow/messages.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import { asMessage, CHAIN_ID, eventsIn, TOPIC, untilFailed } from './chain-messages.fixture.js';
import { type Ingester, startIngester, type IngesterStatus } from './ingester.js';
import { CONTRACTS } from './sample-logs.fixture.js';

describe('an ingester whose log stream is not the one that it read', () => {
  let eventStore: MemoryEventStore;
  let ingester: Ingester | null = null;
  beforeEach(() => {
    eventStore = new MemoryEventStore();
  });
  afterEach(() => ingester?.stop());

  const publish = (stream: LogStream, messages: readonly ChainMessage[]): Promise<bigint> =>
    stream.publish(TOPIC, messages as readonly Json[]);
  async function ingest(logStream: LogStream, upTo: number): Promise<void> {
    const started = startIngester({
      ...{ chainId: CHAIN_ID, contracts: CONTRACTS, startBlock: 0, logger: silentLogger },
      ...{ eventStore, logStream },
    });
    ingester = started;
    const status = (): IngesterStatus => started.status();
    await until(() => status().ingested?.number === upTo, status);
    await started.stop();
  }
  const ingestedBlocks = async (): Promise<unknown[]> =>
    (await eventsIn(eventStore, TOPIC))
      .filter(({ type }) => type === 'BlockIngested')
      .map(({ data }) => data['number']);
  const upTo = (last: number): number[] => Array.from({ length: last + 1 }, (_, number) => number);

  /** Each block is told final by the one after it: two messages a block. */
  const told = (chain: SimulatedChain, count: number): ChainMessage[] =>
    chain.blocksNow
      .slice(0, count)
      .flatMap((block): ChainMessage[] => [
        asMessage(block),
        { kind: 'finalized', final: { number: block.number, hash: block.hash, time: block.time } },
      ]);

  it('leaves no block out where the new one tells more blocks by as many messages', async () => {
    const chain = new SimulatedChain(20);
    const [former, next] = [new MemoryLogStream(), new MemoryLogStream()];
    await publish(former, told(chain, 5));
    await ingest(former, 4);
    await publish(next, chain.blocksNow.map(asMessage));
    await ingest(next, 19);
    expect(await ingestedBlocks()).toEqual(upTo(19));
  });

  it('goes back to the former one though it was trimmed meanwhile', async () => {
    const chain = new SimulatedChain(20);
    const [former, next] = [new MemoryLogStream(), new MemoryLogStream()];
    await publish(former, told(chain, 9));
    await ingest(former, 8);
    await publish(next, chain.blocksNow.slice(0, 12).map(asMessage));
    await ingest(next, 11);
    await former.trim(TOPIC, 16n);
    await publish(former, chain.blocksNow.slice(9).map(asMessage));
    await ingest(former, 19);
    expect(await ingestedBlocks()).toEqual(upTo(19));
  });

  it('stands, and leaves nothing out, where messages were lost that were not ingested', async () => {
    const chain = new SimulatedChain(20);
    const stream = new MemoryLogStream();
    await publish(stream, chain.blocksNow.slice(0, 5).map(asMessage));
    await ingest(stream, 4);
    await publish(stream, chain.blocksNow.slice(5).map(asMessage));
    await stream.trim(TOPIC, 10n);
    ingester = startIngester({
      ...{ chainId: CHAIN_ID, contracts: CONTRACTS, startBlock: 0, logger: silentLogger },
      ...{ eventStore, logStream: stream },
    });
    await untilFailed(ingester, 'CHAIN_MESSAGE_OUT_OF_ORDER');
    expect(await ingestedBlocks()).toEqual(upTo(4));
  });
});
