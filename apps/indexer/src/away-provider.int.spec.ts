import { createServer, type Server } from 'node:http';
import { type ProviderStatus, readToldProviders } from '@abland/chain';
import { type Running, silentLogger } from '@abland/kernel';
import { loadIndexerConfig } from '@abland/platform';
import { migrateLeases, openPool, type Pulse, readDetails, startPulses, takeLease } from '@abland/postgres';
import { createTestDatabase, eventually, freePort, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openIndexer } from './open-indexer.js';

const KEY = 'SECRETKEY0123456789abcdef';

/** Of a chain of one block, or one that refuses everything but its id. */
function provider(chainId: number, refusal: object | null = null, code = '0x60'): Server {
  const genesis = {
    ...{ number: '0x0', hash: `0x${'1'.repeat(64)}`, parentHash: `0x${'0'.repeat(64)}`, timestamp: '0x1' },
    ...{ logsBloom: `0x${'0'.repeat(512)}`, transactions: [] },
  };
  const answer = (method: string, [call]: Call['params'] = []): object => {
    const { to = '' } = (call ?? {}) as { to?: string };
    if (method === 'eth_chainId') return { result: `0x${chainId.toString(16)}` };
    if (refusal !== null) return { error: refusal };
    if (method === 'eth_blockNumber') return { result: '0x0' };
    if (method === 'eth_getCode') return { result: code };
    if (method === 'eth_call') return { result: `0x${'0'.repeat(24)}${nameOf(to)}` };
    return { result: method === 'eth_getBlockByNumber' ? genesis : [] };
  };
  return createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (body === '') return void response.writeHead(400).end(); // no WebSocket
      const asked = JSON.parse(body) as Call | Call[];
      const one = ({ id, method, params }: Call): object => ({
        ...{ jsonrpc: '2.0', id },
        ...answer(method, params),
      });
      response.end(JSON.stringify(Array.isArray(asked) ? asked.map(one) : one(asked)));
    });
  });
}
interface Call {
  readonly id: number;
  readonly method: string;
  readonly params?: readonly unknown[];
}

const [FACTORY, MANAGER] = ['1'.repeat(40), '2'.repeat(40)];
/** What the two contracts call each other. */
const nameOf = (to: string): string => (to.endsWith(FACTORY) ? MANAGER : FACTORY);

describe('an indexer whose provider does not answer when it starts', () => {
  let database: TestDatabase;
  let indexer: Running | undefined;
  let server: Server | undefined;
  let port: number;
  let metricsPort: number;
  const open = async (): Promise<void> => {
    const config = loadIndexerConfig({
      DATABASE_URL: database.url,
      CHAIN_RPC_URLS: `http://127.0.0.1:${port}/v3/${KEY}`,
      CHAIN_ID: '7',
      TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
      LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
      METRICS_PORT: String(metricsPort),
    });
    indexer = await openIndexer(config, silentLogger);
  };
  const serve = async (one: Server): Promise<void> => {
    server = one;
    await new Promise<void>((resolve) => one.listen(port, '127.0.0.1', resolve));
  };
  const end = async (): Promise<void> => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
    server = undefined;
  };
  const ready = async (): Promise<{ status: number; text: string }> => {
    const response = await fetch(`http://127.0.0.1:${metricsPort}/ready`);
    return { status: response.status, text: await response.text() };
  };
  const until = (status: number, part: string): Promise<void> =>
    eventually(async () => expect(await ready()).toEqual({ status, text: expect.stringContaining(part) }));

  beforeEach(async () => {
    database = await createTestDatabase();
    [port, metricsPort] = [await freePort(), await freePort()];
  });
  afterEach(async () => {
    await indexer?.stop();
    indexer = undefined;
    await end();
    await database.drop();
  });

  it('starts, says that it is not ready and why, without its key, and follows once the provider answers', async () => {
    await open();
    await until(503, 'CHAIN_RPC_UNAVAILABLE');
    expect((await ready()).text).not.toContain(KEY);
    await serve(provider(7, { code: -32603, message: 'Internal error' }));
    await until(503, 'CHAIN_RPC_ERROR');
    await end();
    await serve(provider(7));
    await until(200, '"ready"');
  });

  it('tells all programs how its provider is, from the first look on, without its key', async () => {
    await open();
    const pool = openPool({ connectionString: database.url, name: 'test', max: 1, logger: silentLogger });
    try {
      const untilTold = async (wanted: Partial<ProviderStatus>): Promise<string> => {
        let detail: unknown;
        await eventually(async () => {
          const told = (await readDetails(pool, { prefix: 'indexer-' })).get('indexer-7');
          detail = told?.detail;
          expect(told?.holds).toBe(true);
          expect(readToldProviders(told?.detail ?? null, told?.writtenAgeMs ?? 0)[0]).toMatchObject(wanted);
        });
        return JSON.stringify(detail);
      };
      expect(await untilTold({ state: 'SET_ASIDE', head: null })).not.toContain(KEY);
      await serve(provider(7));
      expect(await untilTold({ state: 'WELL', head: 0 })).not.toContain(KEY);
      const [told] = [...(await readDetails(pool, ['indexer-7'])).values()];
      expect(readToldProviders(told?.detail ?? null, 0)).toMatchObject([
        {
          url: `http://127.0.0.1:${port}/…`,
          transport: 'HTTP',
          lastFault: { code: 'CHAIN_RPC_UNAVAILABLE' },
        },
      ]);
    } finally {
      await pool.end();
    }
  });

  it('is not ready while the database does not answer, though the chain does and has no new blocks', async () => {
    await serve(provider(7));
    await open();
    await until(200, '"toldSeconds":0');
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    try {
      await admin.query('ALTER TABLE leases.pulses RENAME TO away');
      await until(503, '"following":"FOLLOWING"');
      await admin.query('ALTER TABLE leases.away RENAME TO pulses');
      await until(200, '"toldSeconds":0');
    } finally {
      await admin.end();
    }
  });

  it('standing by, is ready while another tells that it follows the chain, and not where nobody does', async () => {
    await serve(provider(7));
    const pool = openPool({ connectionString: database.url, name: 'test', max: 3, logger: silentLogger });
    await migrateLeases(pool);
    const led = await takeLease({ pool, name: 'indexer-7', logger: silentLogger, ttlMs: 600_000 });
    const following: Pulse = {
      ...{ part: 'indexer-7', state: 'RUNNING', failure: null, handledAgeMs: 0, contactAgeMs: 0 },
      ...{ reached: 0n, head: 0n },
    };
    try {
      await open();
      await until(503, '"undone":["indexer-7"]');
      const another = startPulses({ pool, logger: silentLogger, parts: () => [following] });
      await until(200, '"undone":[]');
      await another.stop();
      await until(503, '"undone":["indexer-7"]');
    } finally {
      await led?.release();
      await pool.end();
    }
  });

  it('does not start where a contract is not at its address, by the name of its variable', async () => {
    await serve(provider(7, null, '0x'));
    await expect(open()).rejects.toMatchObject({
      ...{ code: 'CONFIG_INVALID', variable: 'TOKEN_FACTORY_ADDRESS' },
      message: expect.stringContaining('there is no contract'),
    });
  });

  it('does not start there either where the chain was followed before', async () => {
    await serve(provider(7));
    await open();
    await until(200, '"ready"');
    await indexer?.stop();
    await end();
    await serve(provider(7, null, '0x'));
    await expect(open()).rejects.toMatchObject({ code: 'CONFIG_INVALID', variable: 'TOKEN_FACTORY_ADDRESS' });
  });

  it('comes up, and says so, where that turns out later', async () => {
    await open();
    await until(503, 'CHAIN_RPC_UNAVAILABLE');
    await serve(provider(7, null, '0x'));
    await until(503, 'CONFIG_INVALID');
    await end();
    await serve(provider(7));
    await until(200, '"ready"');
  });

  it('does not start on another chain', async () => {
    await serve(provider(8));
    await expect(open()).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
  });
});
