import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@abland/kernel';
import { ChainRpc } from './chain-rpc.js';
import { TestProvider } from './json-rpc-server.fixture.js';

/** Longer than any answer of a test takes. */
const TIMEOUT_MS = 20_000;

const onChain =
  (chainId: number, name: string) =>
  (method: string): unknown =>
    method === 'eth_chainId' ? `0x${chainId.toString(16)}` : `${name} ${method}`;

describe('chain RPC', () => {
  let first: TestProvider;
  let second: TestProvider;
  let rpc: ChainRpc | null = null;

  beforeEach(async () => {
    first = new TestProvider(onChain(7, 'first'));
    second = new TestProvider(onChain(7, 'second'));
    await first.start();
    await second.start();
  });
  afterEach(async () => {
    rpc?.close();
    await first.stop();
    await second.stop();
  });

  const open = (...urls: readonly string[]): ChainRpc =>
    (rpc = new ChainRpc({ urls, chainId: 7, timeoutMs: TIMEOUT_MS, logger: silentLogger }));

  it.each(['http', 'ws'])('gives the results of a batch in its order over %s', async (protocol) => {
    const client = open(protocol === 'ws' ? first.webSocketUrl : first.url);
    const requests = ['a', 'b', 'c'].map((method) => ({ method, params: [] }));
    expect(await client.batch(requests)).toEqual(['first a', 'first b', 'first c']);
    expect(await Promise.all(['d', 'e'].map((method) => client.request(method)))).toEqual([
      'first d',
      'first e',
    ]);
  });

  it.each(['http', 'ws'])(
    'sends over %s no more requests at once than its budget of a second',
    async (protocol) => {
      const url = protocol === 'ws' ? first.webSocketUrl : first.url;
      const limits = { timeoutMs: TIMEOUT_MS, requestsPerSecond: 3 };
      const client = (rpc = new ChainRpc({ urls: [url], chainId: 7, ...limits, logger: silentLogger }));
      const together: number[] = [];
      first.whole = (methods) => {
        together.push(methods.length);
        return null;
      };
      const methods = ['a', 'b', 'c', 'd', 'e'];
      const results = await client.batch(methods.map((method) => ({ method, params: [] })));
      expect(results).toEqual(methods.map((method) => `first ${method}`));
      expect(Math.max(...together)).toBeLessThanOrEqual(3);
      // Its id was asked for first, so that what came next had to wait.
      expect(client.status()[0]?.budgetWaitMs).toBeGreaterThan(0);
    },
  );

  it.each(['http', 'ws'])('turns to the next provider over %s while one is away', async (protocol) => {
    const urls = [first, second].map((provider) =>
      protocol === 'ws' ? provider.webSocketUrl : provider.url,
    );
    const client = open(...urls);
    expect(await client.request('a')).toBe('first a');
    await first.stop();
    expect(await client.request('b')).toBe('second b');
    await first.start();
    await second.stop();
    await second.start();
    expect(await client.request('c')).toMatch(/ c$/);
  });

  it.each([
    ['a page instead of JSON', { status: 502, body: '<html>' }],
    ['a limit', { status: 429, body: '{"error":{"code":429,"message":"slow down"}}' }],
  ])('takes %s for an outage', async (_, raw) => {
    first.raw = raw;
    await expect(open(first.url).request('a')).rejects.toMatchObject({
      code: 'CHAIN_RPC_UNAVAILABLE',
      failureClass: 'LATER',
    });
  });

  it('takes "limit exceeded" for an outage and other errors for an answer', async () => {
    const client = open(first.url);
    await client.request('a');
    first.answering = () => {
      throw { code: -32005, message: 'limit exceeded' };
    };
    await expect(client.request('a')).rejects.toMatchObject({ code: 'CHAIN_RPC_UNAVAILABLE' });
    first.answering = (method) => {
      if (method === 'eth_chainId') return '0x7';
      throw { code: 3, message: 'reverted', data: '0x1234' };
    };
    await expect(client.request('a')).rejects.toMatchObject({
      code: 'CHAIN_RPC_ERROR',
      failureClass: 'WRONG',
      rpcCode: 3,
      data: '0x1234',
    });
  });

  it.each([-32603, -32000, -32601, -32602])('takes %d for the word of one provider alone', async (code) => {
    const client = open(first.url);
    await client.request('a');
    first.answering = () => {
      throw { code, message: 'Internal error' };
    };
    await expect(client.request('a')).rejects.toMatchObject({
      code: 'CHAIN_RPC_ERROR',
      failureClass: 'ANOTHER',
      rpcCode: code,
    });
  });

  it('refuses a provider of another chain before it asks it for anything', async () => {
    first.answering = onChain(8, 'first');
    await expect(open(first.url).request('a')).rejects.toMatchObject({
      code: 'WRONG_CHAIN',
      details: { expected: 7, actual: 8 },
    });
    expect(first.calls).toEqual(['eth_chainId']);
  });

  const KEY = 'SECRETKEY0123456789abcdef';
  it.each(['http', 'ws'])('tells nobody the key of a provider that fails over %s', async (protocol) => {
    const told: unknown[] = [];
    const tell = (fields: object): void => void told.push(fields);
    const logger = { ...silentLogger, warn: tell, error: tell };
    const base = protocol === 'ws' ? first.webSocketUrl : first.url;
    const client = (rpc = new ChainRpc({
      urls: [`${base}/v3/${KEY}`],
      chainId: 7,
      timeoutMs: TIMEOUT_MS,
      logger,
    }));
    const failures: (() => Promise<void> | void)[] = [
      () => void (first.answering = onChain(8, 'first')),
      () =>
        void (first.answering = (method) => {
          if (method === 'eth_chainId') return '0x7';
          throw { code: -32005, message: 'limit exceeded' };
        }),
      () => void (first.raw = { status: 502, body: '<html>' }),
      () => first.stop(),
    ];
    for (const fail of failures) {
      await fail();
      told.push(
        await client.request('a').then(
          () => 'answered',
          (error: unknown) => error,
        ),
      );
    }
    await first.start();
    expect(told).not.toContain('answered');
    expect(inspect(told, { depth: 10, showHidden: true })).not.toContain(KEY);
  });

  it('notices that another chain answers after an outage', async () => {
    const client = open(first.url);
    await client.request('a');
    first.raw = { status: 503, body: '' };
    await expect(client.request('b')).rejects.toMatchObject({ failureClass: 'LATER' });
    first.raw = null;
    first.answering = onChain(8, 'first');
    await expect(client.request('c')).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
  });

  it('notices that another chain answers a WebSocket that was opened again', async () => {
    const client = open(first.webSocketUrl);
    await client.request('a');
    for (const socket of first.sockets) socket.close();
    while (first.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    first.answering = onChain(8, 'first');
    await client.request('b').catch(() => undefined); // it may go out on the socket that closes
    await expect(client.request('c')).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
  });

  it('asks again which chain it is of one that is distrusted, or where that is asked for', async () => {
    for (const doubt of [
      (client: ChainRpc) => client.distrust(),
      (client: ChainRpc) => client.requireChain().catch(() => undefined),
    ]) {
      first.answering = onChain(7, 'first');
      const client = open(first.url);
      await client.request('a');
      first.answering = onChain(8, 'first');
      expect(await client.request('b')).toBe('first b');
      await doubt(client);
      await expect(client.request('c')).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
    }
  });

  it('asks the other provider once one is distrusted', async () => {
    const client = open(first.url, second.url);
    await client.request('a');
    client.distrust();
    expect(await client.request('b')).toBe('second b');
  });
});
