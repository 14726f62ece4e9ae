import { silentLogger } from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ChainRpc } from './chain-rpc.js';
import { HttpTransport } from './http-transport.js';
import { TestProvider } from './json-rpc-server.fixture.js';
import { openSocket } from './live-socket.js';

const onChain =
  (chainId: number, name: string) =>
  (method: string): unknown =>
    method === 'eth_chainId' ? `0x${chainId.toString(16)}` : `${name} ${method}`;

/** Waited for in vain, and longer than an answer takes on a busy machine. */
const IN_VAIN_MS = 8_000;
/** Within it a busy machine brings a pong back. */
const PING_MS = 3_000;

describe('providers in trouble', () => {
  let first: TestProvider;
  let second: TestProvider;
  let rpc: ChainRpc | null;
  beforeEach(async () => {
    first = new TestProvider(onChain(7, 'first'));
    second = new TestProvider(onChain(7, 'second'));
    await first.start();
    await second.start();
    rpc = null;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    rpc?.close();
    await first.stop();
    await second.stop();
  });
  const open = (...urls: readonly string[]): ChainRpc => openWithin(60_000, ...urls);
  const openWithin = (timeoutMs: number, ...urls: readonly string[]): ChainRpc =>
    (rpc = new ChainRpc({ urls, chainId: 7, timeoutMs, logger: silentLogger }));

  /** Nobody is set aside for long enough while a slow machine asks the next one. */
  const holdTheClock = (): void => void jest.spyOn(performance, 'now').mockReturnValue(performance.now());

  it.each([
    ['http', 'se:cr%C3%A9t', 'se:crét'],
    ['ws', 'se:cr%C3%A9t', 'se:crét'],
    ['http', 'secret%', 'secret%'],
  ])(
    'are asked over %s with the user and the password of their URL: %s',
    async (protocol, encoded, password) => {
      const client = open(first.url.replace('http', protocol).replace('//', `//me:${encoded}@`));
      expect(await client.request('eth_chainId')).toBe('0x7');
      const given = `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;
      expect(new Set(first.authorizations)).toEqual(new Set([given]));
      expect(JSON.stringify(client.status())).not.toMatch(/me:|@/);
    },
  );

  it('of which one serves another chain are asked without that one, which is told', async () => {
    first.answering = onChain(8, 'first');
    const client = open(first.url, second.url);
    expect(await client.request('a')).toBe('second a');
    expect(await client.request('b')).toBe('second b');
    expect(first.calls).toEqual(['eth_chainId']);
    expect(client.status()).toMatchObject([{ fault: { code: 'WRONG_CHAIN' } }, { fault: null, asideMs: 0 }]);
    second.answering = onChain(8, 'second');
    await second.stop();
    await second.start();
    await expect(open(first.url, second.url).request('c')).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
  });

  it('are replaced over a WebSocket that no longer answers, though it stands', async () => {
    const client = openWithin(IN_VAIN_MS, first.webSocketUrl);
    expect(await client.request('a')).toBe('first a');
    first.deaf = true;
    await expect(client.request('b')).rejects.toMatchObject({ code: 'CHAIN_RPC_UNAVAILABLE' });
    first.deaf = false;
    expect(await client.request('c')).toBe('first c');
    expect(first.connections).toBe(2);
  });

  it('lose a socket on which nothing comes back to a ping', async () => {
    const socket = openSocket(first.webSocketUrl, 20_000, PING_MS);
    const opened = new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await opened;
    let pings = 0;
    for (const theirs of first.sockets) theirs.on('ping', () => (pings += 1));
    await until(() => pings > 1); // the second is sent only where the first came back
    expect(socket.readyState).toBe(socket.OPEN);
    for (const theirs of first.sockets) theirs.pause();
    await closed;
  });

  it('are read no further than a bound, and then asked for less', async () => {
    first.answering = () => 'x'.repeat(5_000_000);
    const transport = new HttpTransport(first.url, 60_000, 100_000);
    await expect(transport.batch([{ method: 'a', params: [] }])).rejects.toMatchObject({
      ...{ code: 'CHAIN_RPC_TOO_MUCH', failureClass: 'LESS' },
    });
    first.raw = { status: 413, body: 'Payload Too Large' };
    await expect(transport.batch([{ method: 'a', params: [] }])).rejects.toMatchObject({
      failureClass: 'LESS',
    });
  });

  it('that ask to be left alone are left alone for as long', async () => {
    const client = open(first.url, second.url);
    expect(await client.request('a')).toBe('first a');
    first.raw = { status: 429, body: '{}', headers: { 'retry-after': '60' } };
    await second.stop();
    await expect(client.request('b')).rejects.toMatchObject({ failureClass: 'LATER' });
    first.raw = null;
    const asked = first.calls.length;
    await expect(client.request('c')).rejects.toMatchObject({ failureClass: 'LATER' });
    expect(first.calls.length).toBe(asked);
    expect(client.status()[0]?.asideMs).toBeGreaterThan(30_000);
    await second.start();
    expect(await client.request('d')).toBe('second d');
  });

  it.each([
    ['in seconds', () => '60'],
    ['by a date', () => new Date(Date.now() + 60_000).toUTCString()],
  ])('that ask %s to be left alone are left alone until then, and no longer', async (_, retryAfter) => {
    const client = open(first.url);
    first.raw = { status: 429, body: 'Too Many Requests', headers: { 'retry-after': retryAfter() } };
    await expect(client.request('a')).rejects.toMatchObject({ failureClass: 'LATER' });
    const asideMs = client.status()[0]?.asideMs ?? 0;
    expect(asideMs).toBeGreaterThan(30_000);
    expect(asideMs).toBeLessThanOrEqual(60_000);
  });

  it.each(['0', '', 'soon', 'Wed, 21 Oct 2015 07:28:00 GMT'])(
    'that ask for no time (%j) are asked after the others for a while',
    async (retryAfter) => {
      holdTheClock();
      const client = open(first.url, second.url);
      first.raw = { status: 429, body: '{}', headers: { 'retry-after': retryAfter } };
      expect(await client.request('a')).toBe('second a');
      expect(client.status()[0]?.asideMs).toBeGreaterThan(0);
    },
  );

  it('that say in their refusal for how long to leave them alone are left alone (INFURA/infura#201)', async () => {
    const client = open(first.url);
    await client.request('a');
    first.answering = () => {
      throw { code: -32005, message: 'rate exceeded', data: { rate: { backoff_seconds: 60 } } };
    };
    await expect(client.request('b')).rejects.toMatchObject({ failureClass: 'LATER' });
    expect(client.status()[0]?.asideMs).toBeGreaterThan(30_000);
  });

  it('that answer 413 to a batch are asked in smaller ones', async () => {
    const statusOf = (methods: readonly string[]): number => (methods.length > 4 ? 413 : 200);
    first.statusOf = statusOf;
    const client = open(first.url);
    const requests = Array.from({ length: 20 }, (_item, index) => ({ method: `m${index}`, params: [] }));
    expect(await client.batch(requests)).toEqual(requests.map(({ method }) => `first ${method}`));
    expect(client.status()[0]?.batchMax).toBeLessThanOrEqual(4);
  });

  it('that answer a batch which is too large in the place of its first request are asked in smaller ones (geth#26681)', async () => {
    first.whole = (methods, [id]) =>
      methods.length > 4
        ? [{ jsonrpc: '2.0', id, error: { code: -32600, message: 'batch too large' } }]
        : null;
    const client = open(first.url);
    const requests = Array.from({ length: 20 }, (_item, index) => ({ method: `m${index}`, params: [] }));
    expect(await client.batch(requests)).toEqual(requests.map(({ method }) => `first ${method}`));
  });

  it('that took one request at a time for a while are asked several again later', async () => {
    first.whole = (methods) => (methods.length > 1 ? { id: null, error: { code: -32600 } } : null);
    const client = open(first.url);
    const requests = Array.from({ length: 30 }, (_item, index) => ({ method: `m${index}`, params: [] }));
    await client.batch(requests);
    expect(client.status()[0]?.batchMax).toBe(1);
    first.whole = () => null;
    await client.batch(requests);
    expect(client.status()[0]?.batchMax).toBeGreaterThan(1);
  });

  it.each([
    ['erigon#17245: a batch limit', { error: { code: -32000, message: 'batch limit 4 exceeded' } }],
    ['safe-eth-py#303: a refusal without reason', { jsonrpc: '2.0', id: null, error: { code: -32600 } }],
  ])('that refuse a whole batch by one object are asked in smaller ones (%s)', async (_, refusal) => {
    first.whole = (methods) => (methods.length > 4 ? refusal : null);
    const client = open(first.url);
    const requests = Array.from({ length: 20 }, (_item, index) => ({ method: `m${index}`, params: [] }));
    const expected = requests.map(({ method }) => `first ${method}`);
    expect(await client.batch(requests)).toEqual(expected);
    const learnt = client.status()[0]?.batchMax;
    expect(learnt).toBeLessThanOrEqual(4);
    expect(await client.batch(requests)).toEqual(expected);
  });

  it('that limit requests in a time are asked in smaller batches once they have refused one', async () => {
    first.whole = (methods) =>
      methods.length > 4 ? { id: null, error: { code: -32005, message: 'rate limit exceeded' } } : null;
    const client = open(first.url);
    const requests = Array.from({ length: 20 }, (_item, index) => ({ method: `m${index}`, params: [] }));
    let refusals = 0;
    for (;;) {
      const results = await client.batch(requests).catch((error: unknown) => error);
      if (Array.isArray(results)) break;
      expect(results).toMatchObject({ code: 'CHAIN_RPC_UNAVAILABLE', failureClass: 'LATER' });
      refusals += 1;
    }
    expect(refusals).toBe(3);
    expect(client.status()[0]?.batchMax).toBe(2);
  });

  it('that refuse batches over a WebSocket without an id are heard at once', async () => {
    first.whole = (methods) =>
      methods.length > 1 ? { id: null, error: { code: -32600, message: 'no' } } : null;
    const requests = ['a', 'b', 'c'].map((method) => ({ method, params: [] }));
    expect(await open(first.webSocketUrl).batch(requests)).toEqual(['first a', 'first b', 'first c']);
  });

  it('that take their time are not waited for where another answers', async () => {
    rpc = new ChainRpc({
      ...{ urls: [first.url, second.url], chainId: 7, timeoutMs: 600_000, logger: silentLogger },
    });
    first.deaf = true;
    const asked = (method: string): Promise<unknown> =>
      (rpc as ChainRpc).ask((provider) => provider.request(method));
    expect(await asked('a')).toBe('second a');
    expect(await asked('b')).toBe('second b'); // which is asked first from now on
    expect(first.calls).toEqual([]);
  });

  it('that fail are asked last for a while, the longer the more often, and first again once they give', async () => {
    holdTheClock();
    const client = open(first.url, second.url);
    first.raw = { status: 500, body: 'oops' };
    expect(await client.request('a')).toBe('second a');
    const once = client.status()[0]?.asideMs ?? 0;
    expect(once).toBeGreaterThan(0);
    second.raw = { status: 500, body: 'oops' };
    await expect(client.request('b')).rejects.toMatchObject({ failureClass: 'LATER' });
    expect(client.status()[0]?.asideMs).toBeGreaterThan(once);
    first.raw = null;
    expect(await client.request('c')).toBe('first c');
    expect(client.status()[0]).toMatchObject({ asideMs: 0, fault: null });
  });
});
