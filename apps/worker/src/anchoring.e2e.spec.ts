import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnchoredTree } from '@abland/audit';
import { logIdOf } from '@abland/chain';
import { chainStream } from '@abland/domain';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { openPostgresEventStore } from '@abland/event-store';
import { openIndexer } from '@abland/indexer';
import { type EventStore, type RecordedEvent, type Running, silentLogger } from '@abland/kernel';
import { loadIndexerConfig, loadWorkerConfig, type WorkerConfig } from '@abland/platform';
import { openPool } from '@abland/postgres';
import { createTestDatabase, eventually, type TestDatabase, until } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { openWorker } from './open-worker.js';
import { isTelling } from './start-anchors.js';
import type { Worker } from './start-worker.js';

const ORIGIN = 'anchored.example/log';
const [, , RELAYER, ANCHOR, OTHER] = developmentAccounts();

describe('a worker with a key to anchor by', () => {
  let folder: string;
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: EventStore;
  let chain: ForkedChain;
  let env: Readonly<Record<string, string>>;
  const running: Running[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-anchoring-'));
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'test', max: 3, logger: silentLogger });
    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    chain = await forkEmbeddedChain({
      ...{ dataDir: folder, port: 0, finalityDepth: 3, emptyBlockEveryMs: 100 },
      anchoring: { logId: logIdOf(ORIGIN), signer: ANCHOR?.address ?? '' },
    });
    const { checkpoint, forwarder, liquidityManager, tokenFactory } = chain.contracts;
    env = {
      ...{ DATABASE_URL: database.url, LOG_ORIGIN: ORIGIN, CHAIN_RPC_URLS: chain.rpcUrl },
      ...{ CHAIN_ID: String(chain.chainId), CHAIN_FINALITY_DEPTH: '3' },
      ...{ TOKEN_FACTORY_ADDRESS: tokenFactory, LIQUIDITY_MANAGER_ADDRESS: liquidityManager },
      ...{ FORWARDER_ADDRESS: forwarder, CHECKPOINT_ADDRESS: checkpoint },
      ...{ RELAYER_PRIVATE_KEY: RELAYER?.privateKey ?? '', ANCHOR_PRIVATE_KEY: ANCHOR?.privateKey ?? '' },
      LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
    };
    running.push(await openIndexer(loadIndexerConfig(env), silentLogger));
  });
  afterAll(async () => {
    for (const part of running.reverse()) await part.stop();
    await store.close();
    await pool.end();
    await chain.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Anchors as soon as there is something new. */
  const start = async (more: Readonly<Record<string, string>> = {}): Promise<Worker> => {
    const config = loadWorkerConfig({ ...env, ...more });
    const { anchoring } = config as { anchoring: NonNullable<WorkerConfig['anchoring']> };
    const soon = { ...config, anchoring: { ...anchoring, intervalMinutes: 0 } };
    return openWorker(soon, silentLogger);
  };
  const anchors = async (): Promise<readonly RecordedEvent[]> => {
    const facts: RecordedEvent[] = [];
    for await (const page of store.readStream(chainStream(chain.chainId)))
      facts.push(...page.filter(({ type }) => type === 'TreeHeadAnchored'));
    return facts;
  };

  it('anchors the tree of the log, which the log then tells, and rests until something else comes', async () => {
    const worker = await start();
    running.push(worker);
    await until(
      async () => (await anchors()).length > 0,
      () => worker.status(),
    );
    const tree = new AnchoredTree({ pool, log: store, isTelling });
    await eventually(async () => {
      const told = await anchors();
      const last = told.at(-1)?.data as { treeSize: string; rootHash: string; logId: string };
      expect(last.logId).toBe(logIdOf(ORIGIN));
      await tree.requireOurs({ treeSize: Number(last.treeSize), rootHash: last.rootHash });
      const served = (await tree.served())?.treeSize ?? 0;
      expect((await tree.newsOf(served, Number(last.treeSize))).at).toBeNull();
      const { anchors: status } = await worker.status();
      expect(status).toMatchObject([
        {
          chainId: chain.chainId,
          failure: null,
          lateMs: null,
          anchored: { treeSize: Number(last.treeSize) },
        },
      ]);
    });
    await worker.stop();
  });

  it('says what keeps it from anchoring, and is ready all the same', async () => {
    const worker = await start({ ANCHOR_PRIVATE_KEY: OTHER?.privateKey ?? '' });
    running.push(worker);
    // Something to anchor: else nobody asks whose word the contract takes.
    await store.append(
      'order-1',
      [
        {
          ...{ id: crypto.randomUUID(), type: 'OrderPlaced', version: 1, data: {} },
          metadata: { correlationId: 'test', causationId: null, actor: 'test' },
        },
      ],
      'any',
    );
    const said = `anchor-${chain.chainId}: ANCHOR_SIGNER_OTHER`;
    await until(
      async () => (await worker.status()).degraded.includes(said),
      () => worker.status(),
    );
    for (let looks = 0; looks < 30; looks += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { degraded, undone } = await worker.status();
      expect([degraded.includes(said), undone]).toEqual([true, []]);
    }
  });
});
