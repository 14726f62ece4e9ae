import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { until } from '@abland/testing/eventually';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RpcUnavailableError } from '../rpc/errors.js';
import { startChainPublisher, type ChainPublisher } from './chain-publisher.js';
import type { ChainSource } from './follow-chain.js';
import { SimulatedChain } from './simulated-chain.fixture.js';

describe('the contact with a chain that is published for long', () => {
  let publisher: ChainPublisher | null = null;
  afterEach(async () => publisher?.stop());

  async function published(
    chain: SimulatedChain,
    source: Pick<ChainSource, 'head' | 'blocks'>,
    headEveryMs: number,
  ): Promise<ChainPublisher> {
    const started = startChainPublisher({
      ...{ chainId: 1, epoch: 1n, startBlock: 0, finalityDepth: 5, rangeSize: 4, parallelRanges: 1 },
      source: { ...source, followed: chain.followed, headerAt: (number) => chain.headerAt(number) },
      ...{ logStream: new MemoryLogStream(), logger: silentLogger, headEveryMs },
      nextHead: (signal) => sleep(5, undefined, { signal }).catch(() => undefined),
    });
    publisher = started;
    const { hash } = await chain.head();
    await until(() => started.status().published?.hash === hash);
    return started;
  }

  it('is told only where the chain told its newest block, whoever read what is published', async () => {
    const chain = new SimulatedChain(40);
    let told = false;
    const head = async () => {
      if (told) throw new RpcUnavailableError('It is away');
      told = true;
      return chain.head();
    };
    // As ranges that another indexer has read.
    const blocks = async (from: number, to: number) => {
      await sleep(20);
      return chain.blocks(from, to);
    };
    const { contactAgeMs } = (await published(chain, { head, blocks }, 60_000)).status();
    expect(contactAgeMs).toBeGreaterThanOrEqual(5 * 20);
  });

  it('is looked for again meanwhile', async () => {
    const chain = new SimulatedChain(40);
    let asked = 0;
    const head = () => {
      asked += 1;
      return chain.head();
    };
    const blocks = async (from: number, to: number) => {
      if (from > 30) await until(() => asked > 1);
      return chain.blocks(from, to);
    };
    await published(chain, { head, blocks }, 0);
  });

  it('is looked for also before the first of it could be read', async () => {
    const chain = new SimulatedChain(40);
    let asked = 0;
    const head = () => {
      asked += 1;
      return chain.head();
    };
    const blocks = async (from: number, to: number) => {
      if (from === 0) await until(() => asked > 2);
      return chain.blocks(from, to);
    };
    await published(chain, { head, blocks }, 0);
  });
});
