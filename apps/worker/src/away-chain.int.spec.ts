import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type Logger, silentLogger } from '@abland/kernel';
import { loadWorkerConfig, type WorkerConfig } from '@abland/platform';
import { migrateLeases, openPool, takeLease, writePulses } from '@abland/postgres';
import { createTestDatabase, freePort, type TestDatabase, until } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openWorker } from './open-worker.js';
import type { Worker } from './start-worker.js';
import { type Answer, provider, unused } from './unused-chain.fixture.js';
import { isReady, type WorkerStatus } from './worker-status.js';

const CHAIN_ID = 7;
const KEY = 'SECRETKEY0123456789abcdef';

describe('a worker whose chain cannot be asked when it starts', () => {
  let database: TestDatabase;
  let port: number;
  let worker: Worker | undefined;
  let server: Server | undefined;
  let logged: string;
  let config: WorkerConfig;
  const serve = async (answer: (method: string) => Answer): Promise<void> => {
    server = provider(answer);
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  };
  const note = (fields: object): void => void (logged += JSON.stringify(fields));
  const logger: Logger = { ...silentLogger, warn: note, error: note, child: () => logger };
  const eventually = async (holds: (status: WorkerStatus) => boolean): Promise<void> => {
    for (const end = Date.now() + 120_000; Date.now() < end;) {
      if (worker !== undefined && holds(await worker.status())) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(
      `Never: ${JSON.stringify(await worker?.status(), (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
    );
  };

  beforeEach(async () => {
    database = await createTestDatabase();
    port = await freePort();
    logged = '';
    config = loadWorkerConfig({
      DATABASE_URL: database.url,
      CHAIN_RPC_URLS: `http://127.0.0.1:${port}/v3/${KEY}`,
      CHAIN_ID: String(CHAIN_ID),
      TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
      LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
      FORWARDER_ADDRESS: `0x${'3'.repeat(40)}`,
      RELAYER_PRIVATE_KEY: `0x${'4'.repeat(64)}`,
      LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
    });
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    await database.drop();
  });

  it('starts, is not ready, and goes on by itself once the chain answers', async () => {
    worker = await openWorker(config, logger);
    expect(isReady(await worker.status())).toBe(false);
    await serve(unused(CHAIN_ID));
    await eventually(isReady);
    expect(logged).toContain('127.0.0.1');
    expect(logged).not.toContain(KEY);
  });

  it('outlives an answer with an error', async () => {
    let failing = true;
    const { error } = { error: { code: -32603, message: 'Internal error' } };
    await serve((method) => (failing && method !== 'eth_chainId' ? { error } : unused(CHAIN_ID)(method)));
    worker = await openWorker(config, logger);
    expect(isReady(await worker.status())).toBe(false);
    failing = false;
    await eventually(isReady);
  });

  it('is not ready while it stands by for one that tells nothing of what it has', async () => {
    const pool = openPool({ connectionString: database.url, name: 'test', max: 2, logger: silentLogger });
    await migrateLeases(pool);
    const silent = await takeLease({ name: 'erasure', pool, logger: silentLogger });
    try {
      await serve(unused(CHAIN_ID));
      worker = await openWorker(config, logger);
      await eventually(
        ({ chains, undone }) => (chains[0]?.ingester ?? null) !== null && undone.includes('erasure'),
      );
      expect(isReady(await worker.status())).toBe(false);
      const told = { part: 'erasure', state: 'RUNNING', failure: null, reached: null, head: null } as const;
      const instance = randomUUID();
      const tell = () => writePulses(pool, instance, [{ ...told, handledAgeMs: null, contactAgeMs: null }]);
      await until(
        async () => {
          await tell();
          return worker !== undefined && isReady(await worker.status());
        },
        () => worker?.status(),
      );
    } finally {
      await silent?.release();
      await pool.end();
    }
  });

  it('does not start on another chain', async () => {
    await serve(unused(8));
    await expect(openWorker(config, logger)).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
  });

  it('outlives another chain that turns out to answer, says so, and goes on with the right one', async () => {
    worker = await openWorker(config, logger);
    let chainId = 8;
    await serve((method) => unused(chainId)(method));
    await eventually((status) => status.chains[0]?.provider.failure?.code === 'WRONG_CHAIN');
    const ended = worker.ended.then(() => true);
    expect(await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100, false))])).toBe(
      false,
    );
    chainId = CHAIN_ID;
    await eventually(isReady);
  });
});
