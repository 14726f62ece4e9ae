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

  /** The number of a new block. */
  async function mine(): Promise<number> {
    const provider = new JsonRpcProvider(system.chain.rpcUrl, system.chain.chainId, { staticNetwork: true });
    try {
      await provider.send('evm_mine', []);
      return await provider.getBlockNumber();
    } finally {
      provider.destroy();
    }
  }

  it('stands by, and takes over all parts of one that is killed, each block once', async () => {
    const first = await system.start();
    await first.until(doesAll, START_WITHIN_MS);
    const second = await system.start();
    const standing = await second.until(({ status }) => status === 'ready', START_WITHIN_MS);
    expect(doesNothing(standing)).toBe(true);

    await first.end('SIGKILL');
    await second.until(doesAll, TAKE_OVER_WITHIN_MS);

    const head = await mine();
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

  it('leads ingestion in the place of one that was told other contracts, which says why it does not', async () => {
    const elsewhere = { LIQUIDITY_MANAGER_ADDRESS: `0x${'9'.repeat(40)}` };
    const wrong = await system.start(elsewhere);
    await wrong.until(doesAll, START_WITHIN_MS);
    const head = await mine();
    await wrong.until(
      (told) => statusOf(told).chains[0]?.ingester?.failure?.code === 'CONTRACTS_UNKNOWN',
      START_WITHIN_MS,
    );
    const right = await system.start();
    await right.until((told) => {
      const ingester = statusOf(told).chains[0]?.ingester ?? null;
      return (ingester?.ingested?.number ?? -1) >= head && ingester?.failure === null;
    }, TAKE_OVER_WITHIN_MS);
    const aside = `ingester-${system.chain.chainId}: CONTRACTS_UNKNOWN`;
    await wrong.until((told) => statusOf(told).degraded.includes(aside), TAKE_OVER_WITHIN_MS);
    expect([await wrong.end(), await right.end()]).toEqual([0, 0]);
  });
});
