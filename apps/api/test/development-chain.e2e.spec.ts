import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from './test-api.js';

const asked: { method: string; params: unknown[] }[] = [];
let chain: Server;
let api: TestApi;
let without: TestApi;

beforeAll(async () => {
  chain = createServer((request, response) => {
    let body = '';
    request.on('data', (text: Buffer) => (body += text.toString()));
    request.on('end', () => {
      const call = JSON.parse(body) as { id: number; method: string; params: unknown[] };
      asked.push({ method: call.method, params: call.params });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, result: '0x7a69' }));
    });
  });
  await new Promise<void>((resolve) => chain.listen(0, '127.0.0.1', resolve));
  const { port } = chain.address() as AddressInfo;
  api = await startTestApi({ config: { developmentRpcUrl: `http://127.0.0.1:${port}` } });
  without = await startTestApi();
});
afterAll(async () => {
  await Promise.all([api.stop(), without.stop()]);
  chain.close();
});

async function ask(body: unknown, of = api): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${of.client.url}/development/chain`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the embedded chain, for the wallets of the web app', () => {
  it('is asked what a wallet asks, and what it answers is told', async () => {
    const { body, status } = await ask({ jsonrpc: '2.0', id: 7, method: 'eth_chainId', params: [] });
    expect([status, body]).toEqual([200, { jsonrpc: '2.0', id: 7, result: '0x7a69' }]);
    expect(asked.at(-1)).toEqual({ method: 'eth_chainId', params: [] });
  });

  it.each(['evm_mine', 'evm_revert', 'hardhat_setBalance', 'eth_accounts', 'debug_setHead'])(
    'is not asked for %s, which no wallet needs',
    async (method) => {
      const before = asked.length;
      const { body, status } = await ask({ id: 1, method, params: [] });
      expect([status, body['error']]).toEqual([
        403,
        { code: -32_601, message: `${method} is not passed on` },
      ]);
      expect(asked).toHaveLength(before);
    },
  );

  it.each([
    [[]],
    ['text'],
    [{}],
    [{ method: 7 }],
    [{ method: 'eth_call', params: {} }],
    [{ id: {}, method: 'eth_call' }],
  ])('is asked nothing where the request is %j', async (body) => {
    const before = asked.length;
    expect((await ask(body)).status).toBe(400);
    expect(asked).toHaveLength(before);
  });

  it('is told of as silent where it is gone', async () => {
    await new Promise((resolve) => chain.close(resolve).closeAllConnections());
    const { body } = await ask({ id: 2, method: 'eth_blockNumber' });
    expect(body['error']).toEqual({ code: -32_000, message: 'The chain does not answer' });
  });

  it('is nobody’s where there are no development accounts', async () => {
    expect((await ask({ id: 1, method: 'eth_chainId', params: [] }, without)).status).toBe(404);
  });
});
