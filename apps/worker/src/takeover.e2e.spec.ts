import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainStream } from '@abland/domain';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { openPostgresEventStore } from '@abland/event-store';
import { openIndexer } from '@abland/indexer';
import { type EventStore, type RecordedEvent, type Running, silentLogger } from '@abland/kernel';
import { loadIndexerConfig } from '@abland/platform';
import { createTestDatabase, ProgramProcess, type ProgramStatus, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JsonRpcProvider } from 'ethers';
import type { WorkerStatus } from './worker-status.js';

const CHAIN_ENTRY = new URL('../../../libs/embedded/dist/chain/main.js', import.meta.url);
const WORKER = new URL('../dist/main.js', import.meta.url);
const START_WITHIN_MS = 30_000;
const TAKE_OVER_WITHIN_MS = 30_000;

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
  let dataDir: string;
  let chain: ForkedChain;
  let database: TestDatabase;
  let store: EventStore;
  let indexer: Running;
  let env: Record<string, string>;
  const workers: ProgramProcess[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-takeover-'));
    database = await createTestDatabase();
    chain = await forkEmbeddedChain({ dataDir, port: 0, finalityDepth: 3, entry: CHAIN_ENTRY });
    env = {
      DATABASE_URL: database.url,
      CHAIN_RPC_URLS: chain.webSocketUrl,
      CHAIN_ID: String(chain.chainId),
      CHAIN_FINALITY_DEPTH: '3',
      TOKEN_FACTORY_ADDRESS: chain.contracts.tokenFactory,
      LIQUIDITY_MANAGER_ADDRESS: chain.contracts.liquidityManager,
      FORWARDER_ADDRESS: chain.contracts.forwarder,
      RELAYER_PRIVATE_KEY: developmentAccounts()[2]?.privateKey ?? '',
    };
    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    indexer = await openIndexer(loadIndexerConfig(env), silentLogger);
  });
  afterAll(async () => {
    for (const worker of workers) await worker.end('SIGKILL');
    await indexer.stop();
    await store.close();
    await chain.stop();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = async (): Promise<ProgramProcess> => {
    const worker = await ProgramProcess.start(WORKER, env);
    workers.push(worker);
    return worker;
  };

  async function ingestedBlocks(): Promise<readonly RecordedEvent[]> {
    const facts: RecordedEvent[] = [];
    for await (const page of store.readStream(chainStream(chain.chainId))) facts.push(...page);
    return facts.filter(({ type }) => type === 'BlockIngested');
  }

  it('stands by, and takes over all parts of one that is killed, each block once', async () => {
    const first = await start();
    await first.until(doesAll, START_WITHIN_MS);
    const second = await start();
    const standing = await second.until(({ status }) => status === 'ready', START_WITHIN_MS);
    expect(doesNothing(standing)).toBe(true);

    await first.end('SIGKILL');
    await second.until(doesAll, TAKE_OVER_WITHIN_MS);

    const provider = new JsonRpcProvider(chain.rpcUrl, chain.chainId, { staticNetwork: true });
    await provider.send('evm_mine', []);
    const head = await provider.getBlockNumber();
    provider.destroy();
    await second.until(
      (told) => (statusOf(told).chains[0]?.ingester?.ingested?.number ?? -1) >= head,
      TAKE_OVER_WITHIN_MS,
    );
    const numbers = (await ingestedBlocks()).map(({ data }) => (data as { number: number }).number);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(await second.end()).toBe(0);
  });
});
