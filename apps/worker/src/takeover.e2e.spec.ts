import { chainStream } from '@abland/domain';
import { developmentAccounts } from '@abland/embedded/chain';
import type { ProgramStatus } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JsonRpcProvider } from 'ethers';
import type { WorkerStatus } from './worker-status.js';
import { workersOnAChain, type WorkersOnAChain } from './workers-on-a-chain.fixture.js';

const START_WITHIN_MS = 120_000;
const TAKE_OVER_WITHIN_MS = 120_000;

const statusOf = (told: ProgramStatus): WorkerStatus => told as unknown as WorkerStatus;
const doesAll = (told: ProgramStatus): boolean => {
  const { chains, processes } = statusOf(told);
  return chains.every(({ ingester }) => ingester !== null) && processes.every(({ leading }) => leading);
};
const doesNothing = (told: ProgramStatus): boolean => {
  const { chains, processes } = statusOf(told);
  return chains.every(({ ingester }) => ingester === null) && processes.every(({ leading }) => !leading);
};

describe('a worker beside another one', () => {
  let system: WorkersOnAChain;

  beforeAll(async () => {
    system = await workersOnAChain({ RELAYER_PRIVATE_KEY: developmentAccounts()[2]?.privateKey ?? '' });
  });
  afterAll(() => system.stop());

  it('stands by, and takes over all parts of one that is killed, each block once', async () => {
    const first = await system.start();
    await first.until(doesAll, START_WITHIN_MS);
    const second = await system.start();
    const standing = await second.until(({ status }) => status === 'ready', START_WITHIN_MS);
    expect(doesNothing(standing)).toBe(true);

    await first.end('SIGKILL');
    await second.until(doesAll, TAKE_OVER_WITHIN_MS);

    const provider = new JsonRpcProvider(system.chain.rpcUrl, system.chain.chainId, { staticNetwork: true });
    await provider.send('evm_mine', []);
    const head = await provider.getBlockNumber();
    provider.destroy();
    await second.until(
      (told) => (statusOf(told).chains[0]?.ingester?.ingested?.number ?? -1) >= head,
      TAKE_OVER_WITHIN_MS,
    );
    const events = await system.eventsOf(chainStream(system.chain.chainId));
    const blocks = events.filter(({ type }) => type === 'BlockIngested');
    const numbers = blocks.map(({ data }) => (data as { number: number }).number);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(await second.end()).toBe(0);
  });
});
