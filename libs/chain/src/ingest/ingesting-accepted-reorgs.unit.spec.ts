import { afterEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { type Json, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import type { ChainMessage } from '../follow/messages.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import { asMessage, CHAIN_ID, reverted, TOPIC, untilEvents } from './chain-messages.fixture.js';
import { type Ingester, startIngester } from './ingester.js';
import { CONTRACTS } from './sample-logs.fixture.js';

describe('ingestion of a reorg that an operator accepted', () => {
  const [eventStore, logStream] = [new MemoryEventStore(), new MemoryLogStream()];
  let ingester: Ingester | null = null;
  afterEach(() => ingester?.stop());

  const start = (): void => {
    const followed = { chainId: CHAIN_ID, contracts: CONTRACTS, startBlock: 0 };
    ingester = startIngester({ ...followed, eventStore, logStream, logger: silentLogger });
  };
  const publish = (messages: readonly ChainMessage[]): Promise<bigint> =>
    logStream.publish(TOPIC, messages as readonly Json[]);
  const until = (count: number) => untilEvents(eventStore, count);

  it('takes final blocks back where an operator accepted it, once, and goes on from there after a restart', async () => {
    const chain = new SimulatedChain(8);
    const old = [...chain.blocksNow];
    start();
    const final: ChainMessage = { kind: 'finalized', final: await chain.head() };
    await publish([...old.map(asMessage), final]);
    await until(9);
    const taken = chain.shrink(5);
    const accepted: ChainMessage = { ...reverted(taken, old[2]), isAccepted: true } as ChainMessage;
    await publish([accepted, accepted]);
    await until(10);
    await ingester?.stop();
    chain.grow(2);
    start();
    await publish(chain.blocksNow.slice(3).map(asMessage));
    const events = await until(12);
    expect(events.slice(9).map(({ data, type }) => [type, (data as { hash?: string }).hash])).toEqual([
      ['BlocksReverted', undefined],
      ['BlockIngested', chain.blocksNow[3]?.hash],
      ['BlockIngested', chain.blocksNow[4]?.hash],
    ]);
    expect(ingester?.status()).toMatchObject({ failure: null, finalized: { hash: old[2]?.hash } });
  });
});
