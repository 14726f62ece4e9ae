import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NoteSigner } from '@abland/audit';
import { formatVerifierKey } from '@abland/audit-verify';
import { openBareEventStore } from '@abland/event-store';
import { sampleEvents } from '@abland/event-store/sample-events';
import { silentLogger } from '@abland/kernel';
import { loadWorkerConfig } from '@abland/platform';
import { openPool, readPulses } from '@abland/postgres';
import { createTestDatabase, type TestDatabase, until } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openWorker } from './open-worker.js';
import type { Worker } from './start-worker.js';
import { provider, unused } from './unused-chain.fixture.js';
import { isReady } from './worker-status.js';

const CHAIN_ID = 7;
const WITNESS = new NoteSigner('example.com/w1', new Uint8Array(32).fill(11), 'COSIGNATURE');

describe('two workers whose only witness is away', () => {
  let database: TestDatabase;
  const undo: (() => Promise<unknown> | void)[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    undo.push(() => database.drop());
  });
  afterEach(async () => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
  });

  const serve = async (server: Server): Promise<string> => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    undo.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('are both ready: the one that asks it says that it is away, and neither has anything undone', async () => {
    const chainUrl = await serve(provider(unused(CHAIN_ID)));
    const witnessUrl = await serve(createServer((_request, response) => void response.writeHead(503).end()));
    const config = loadWorkerConfig({
      DATABASE_URL: database.url,
      CHAIN_RPC_URLS: chainUrl,
      CHAIN_ID: String(CHAIN_ID),
      TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
      LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
      FORWARDER_ADDRESS: `0x${'3'.repeat(40)}`,
      RELAYER_PRIVATE_KEY: `0x${'4'.repeat(64)}`,
      LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
      LOG_WITNESSES: `${formatVerifierKey(WITNESS.key)} ${witnessUrl}`,
    });
    const open = async (): Promise<Worker> => {
      const worker = await openWorker(config, silentLogger);
      undo.push(() => worker.stop());
      return worker;
    };
    const log = await openBareEventStore({ connectionString: database.url, appendersMax: 1 }, silentLogger);
    undo.push(() => log.close());
    await log.append('order-1', sampleEvents(1), 'any');
    const first = await open();
    const away = async (worker: Worker): Promise<boolean> =>
      (await worker.status()).degraded.includes('example.com/w1: WITNESS_AWAY');
    await until(
      () => away(first),
      () => first.status(),
    );
    // What the first tells from now on it tells of a witness that is away.
    const pool = openPool({ connectionString: database.url, name: 'test', max: 1, logger: silentLogger });
    undo.push(() => pool.end());
    await pool.query('DELETE FROM leases.pulses');
    await until(async () => (await readPulses(pool)).has('witnesses'));
    const second = await open();
    const standing = `SELECT FROM leases.pulses WHERE part = 'witnesses' AND state = 'STANDBY'`;
    await until(async () => (await pool.query(standing)).rowCount === 1);
    for (const worker of [first, second])
      await until(
        async () => isReady(await worker.status()),
        () => worker.status(),
      );
    expect(await away(second)).toBe(false);
    expect((await second.status()).undone).toEqual([]);
    expect(await away(first)).toBe(true);
  });
});
