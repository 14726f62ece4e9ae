import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { openPostgresEventStore } from '@abland/event-store';
import { openIndexer } from '@abland/indexer';
import { type RecordedEvent, silentLogger } from '@abland/kernel';
import { loadIndexerConfig } from '@abland/platform';
import { createTestDatabase, ProgramProcess } from '@abland/testing';

const FINALITY_DEPTH = 3;

export type WorkersOnAChain = Awaited<ReturnType<typeof workersOnAChain>>;

/**
 * A chain of its own with an indexer, for workers that are started beside each other, each a process.
 * @param relayers variables that tell of the accounts that send
 */
export async function workersOnAChain(relayers: Readonly<Record<string, string>>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'abland-workers-'));
  const database = await createTestDatabase();
  const chain: ForkedChain = await forkEmbeddedChain({
    ...{ dataDir, port: 0, finalityDepth: FINALITY_DEPTH, emptyBlockEveryMs: 200 },
  });
  const env = {
    DATABASE_URL: database.url,
    CHAIN_RPC_URLS: chain.webSocketUrl,
    CHAIN_ID: String(chain.chainId),
    CHAIN_FINALITY_DEPTH: String(FINALITY_DEPTH),
    TOKEN_FACTORY_ADDRESS: chain.contracts.tokenFactory,
    LIQUIDITY_MANAGER_ADDRESS: chain.contracts.liquidityManager,
    FORWARDER_ADDRESS: chain.contracts.forwarder,
    LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
    ...relayers,
  };
  const store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
  const indexer = await openIndexer(loadIndexerConfig(env), silentLogger);
  const workers: ProgramProcess[] = [];
  return {
    chain,
    store,
    /** Those that were started, the newest last. */
    workers,
    /** @param more variables, in place of those that all have */
    async start(more: Readonly<Record<string, string>> = {}): Promise<ProgramProcess> {
      const worker = await ProgramProcess.start('worker', { ...env, ...more });
      workers.push(worker);
      return worker;
    },
    async eventsOf(stream: string): Promise<readonly RecordedEvent[]> {
      const events: RecordedEvent[] = [];
      for await (const page of store.readStream(stream)) events.push(...page);
      return events;
    },
    async stop(): Promise<void> {
      for (const worker of workers) await worker.end('SIGKILL');
      await indexer.stop();
      await store.close();
      await chain.stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
