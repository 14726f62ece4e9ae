import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@abland/testing';
import { Wallet } from 'ethers';
import { WebSocket } from 'ws';
import { NO_RATE_LIMITS, type RateLimits } from '../src/rate-limits/rate-limit.js';
import { type Answer, type ApiClient, REQUEST_SIGN_IN, SIGN_IN, signIn, signInToken } from './api-client.js';
import { SubscriptionClient } from './subscription-client.js';
import { startTestApi, type TestApi } from './test-api.js';

const META = '{ _meta { chainId } }';
const HOUR = 3_600;
const SWAP = `mutation ($input: SwapInput!) { a: swap(input: $input) { commandId } ...Again }
  fragment Again on Mutation { b: swap(input: $input) { commandId } }`;
const NO_POOL = {
  ...{ idempotencyKey: 'k', amountIn: '1', amountOutMin: '1' },
  ...{ tokenIn: `0x${'1'.repeat(40)}`, tokenOut: `0x${'2'.repeat(40)}` },
};
const PROXY = '127.0.0.0/8';

let api: TestApi;
let hosts = 0;
const operator = Wallet.createRandom();
const limits: { -readonly [Name in keyof RateLimits]: RateLimits[Name] } = { ...NO_RATE_LIMITS };

beforeAll(async () => {
  const config = { rateLimits: limits, operators: [operator.address], trustedProxies: [PROXY, '::1'] };
  api = await startTestApi({ config });
});
beforeEach(() => void Object.assign(limits, NO_RATE_LIMITS));
afterAll(() => api.stop());

/** Nobody was there before. */
const newHost = (): string => `198.51.100.${(hosts += 1)}`;
const from = (host: string) => ({ 'x-forwarded-for': host });
const ask = (client: ApiClient, host: string, query = META, variables = {}): Promise<Answer<unknown>> =>
  client.send(query, variables, from(host));
const codes = ({ errors }: Answer<unknown>): readonly string[] =>
  errors.map(({ extensions }) => extensions.code);

describe('a caller who asks too often', () => {
  it('is refused with how long to wait, and was told before how much is left', async () => {
    limits.general = { count: 2, seconds: HOUR };
    const host = newHost();
    const [first, second, third] = [
      await ask(api.client, host),
      await ask(api.client, host),
      await ask(api.client, host),
    ];
    expect(first.headers.get('ratelimit-policy')).toBe(`"general";q=2;w=${HOUR}`);
    expect(first.headers.get('ratelimit')).toMatch(/^"general";r=1;t=\d+$/);
    expect(second.headers.get('ratelimit')).toMatch(/^"general";r=0;t=\d+$/);
    expect([third.status, third.data, codes(third)]).toEqual([429, null, ['RATE_LIMITED']]);
    const wait = Number(third.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(HOUR / 2);
    expect(third.errors[0]?.extensions.details).toEqual({
      ...{ limit: 'general', count: 2, windowSeconds: HOUR },
      retryAfterSeconds: wait,
    });
    expect((await ask(api.client, newHost())).status).toBe(200);
  });

  it('is who signed in, wherever it asks from, and no more than ten of them are taken from one address', async () => {
    const [one, other] = [Wallet.createRandom(), Wallet.createRandom()];
    const clients = [await signIn(api.client, one), await signIn(api.client, other)] as const;
    limits.general = { count: 3, seconds: HOUR };
    for (let i = 0; i < 3; i += 1) expect((await ask(clients[0], newHost())).status).toBe(200);
    expect(codes(await ask(clients[0], newHost()))).toEqual(['RATE_LIMITED']);
    expect((await ask(clients[1], newHost())).status).toBe(200);
    const host = newHost();
    for (let i = 0; i < 30; i += 1) await ask(api.client, host);
    const refused = await ask(clients[1], host);
    expect([refused.status, codes(refused)]).toEqual([429, ['RATE_LIMITED']]);
    expect(refused.errors[0]?.extensions).toMatchObject({ details: { limit: 'address', count: 30 } });
    expect(refused.headers.get('x-request-id')).toBe(refused.errors[0]?.extensions.correlationId);
  });

  it('is nobody else by a header that no proxy of ours wrote, or by a token that is none of ours', async () => {
    limits.general = { count: 1, seconds: HOUR };
    const host = newHost();
    await ask(api.client, `${newHost()}, ${host}`);
    expect(codes(await ask(api.client, `${newHost()}, ${host}`))).toEqual(['RATE_LIMITED']);
    expect(codes(await ask(api.client.as('forged'), host))).toEqual(['RATE_LIMITED']);
  });

  it('is no operator, who looks after a system in trouble', async () => {
    const client = await signIn(api.client, operator);
    limits.general = { count: 1, seconds: HOUR };
    for (let i = 0; i < 5; i += 1) expect((await ask(client, newHost())).status).toBe(200);
  });

  it('is refused a trade as often as one request has trades, and nothing is in the log of it', async () => {
    const client = await signIn(api.client, Wallet.createRandom());
    limits.trading = { count: 3, seconds: HOUR };
    const host = newHost();
    const first = await ask(client, host, SWAP, { input: NO_POOL });
    expect(codes(first)).not.toContain('RATE_LIMITED');
    const before = await api.store.head();
    const second = await ask(client, host, SWAP, { input: NO_POOL });
    expect([second.status, codes(second)]).toEqual([429, ['RATE_LIMITED']]);
    expect(await api.store.head()).toBe(before);
    expect((await ask(client, host)).status).toBe(200);
  });

  it('is an address in signing in, whatever wallet it names', async () => {
    limits.signIn = { count: 2, seconds: HOUR };
    const host = newHost();
    const address = () => ({ address: Wallet.createRandom().address });
    for (let i = 0; i < 2; i += 1)
      expect(codes(await ask(api.client, host, REQUEST_SIGN_IN, address()))).toEqual([]);
    expect(codes(await ask(api.client, host, REQUEST_SIGN_IN, address()))).toEqual(['RATE_LIMITED']);
    const forged = { message: 'no message', signature: '0x' };
    for (let i = 0; i < 2; i += 1)
      expect(codes(await ask(api.client, host, SIGN_IN, forged))).not.toEqual(['RATE_LIMITED']);
    expect(codes(await ask(api.client, host, SIGN_IN, forged))).toEqual(['RATE_LIMITED']);
    expect(codes(await ask(api.client, newHost(), SIGN_IN, forged))).not.toEqual(['RATE_LIMITED']);
  });

  it('is refused a subscription on its socket, and then a socket', async () => {
    const token = await signInToken(api.client, Wallet.createRandom());
    limits.general = { count: 1, seconds: HOUR };
    const connect = () => SubscriptionClient.connect(api.client.url, { authorization: `Bearer ${token}` });
    const first = await connect();
    await first.message(({ type }) => type === 'connection_ack');
    for (const id of ['1', '2']) first.subscribe(id, 'subscription { commands { __typename } }');
    const refusal = await first.message(({ type }) => type === 'error');
    expect(['1', '2']).toContain(refusal.id); // they are judged beside each other
    expect(refusal.payload[0].extensions).toMatchObject({
      code: 'RATE_LIMITED',
      details: { limit: 'general' },
    });
    const others = [];
    for (let i = 0; i < 10; i += 1) others.push(await connect());
    expect(await others.at(-1)?.untilClosed()).toEqual({
      code: 1013,
      reason: 'Too many connections in a while',
    });
    for (const client of [first, ...others]) client.socket.close();
  });

  it.each([
    ['is no GraphQL', '{'],
    ['is not of the schema', 'subscription { nothing }'],
    ['is no subscription', META],
    ['is too deep', `subscription { commands ${'{ __typename '.repeat(40)}${'}'.repeat(40)} }`],
  ])('is refused on its socket whatever it sends, also what %s', async (_what, query) => {
    const token = await signInToken(api.client, Wallet.createRandom());
    limits.general = { count: 1, seconds: HOUR };
    const host = from(newHost());
    const authorization = `Bearer ${token}`;
    const client = await SubscriptionClient.connect(api.client.url, { authorization }, host);
    await client.message(({ type }) => type === 'connection_ack');
    for (let i = 0; i < 15; i += 1) client.subscribe(String(i), query);
    const codesOf = (): string[] =>
      client.messages.flatMap(({ type, payload }) =>
        type === 'error' ? [payload[0].extensions.code as string] : [],
      );
    await until(() => codesOf().length === 15, codesOf);
    // Ten of one address, and the first was the connection.
    expect(codesOf().filter((code) => code === 'RATE_LIMITED')).toHaveLength(6);
    client.socket.close();
  });

  it('is refused a socket on which it says nothing', async () => {
    limits.general = { count: 1, seconds: HOUR };
    const [headers, at] = [from(newHost()), `${api.client.url.replace('http', 'ws')}/graphql`];
    const ends: string[] = [];
    const silent = Array.from({ length: 12 }, () => new WebSocket(at, 'graphql-transport-ws', { headers }));
    for (const socket of silent)
      socket
        .on('close', (code, reason) => ends.push(`${code} ${String(reason)}`))
        .on('error', () => undefined);
    const refused = (): readonly string[] => ends.filter((end) => end.startsWith('1013'));
    await until(() => refused().length > 1, refused);
    expect(refused()).toEqual(Array.from({ length: 2 }, () => '1013 Too many connections in a while'));
    for (const socket of silent) socket.terminate();
  });

  it('is refused a socket, also where it never says who it is', async () => {
    limits.general = { count: 1, seconds: HOUR };
    const host = from(newHost());
    const closes = [];
    for (let i = 0; i < 11; i += 1)
      closes.push(
        (await (await SubscriptionClient.connect(api.client.url, undefined, host)).untilClosed()).code,
      );
    expect(closes).toEqual([...Array.from({ length: 10 }, () => 4403), 1013]);
  });

  it('is refused what is public of the log and of contents after a hundred times as much, and nothing else for that', async () => {
    limits.general = { count: 1, seconds: HOUR };
    const host = newHost();
    const read = (path: string) => fetch(`${api.client.url}${path}`, { headers: from(host) });
    for (let i = 0; i < 50; i += 1) {
      expect((await read('/ipfs/none')).status).toBe(404);
      expect((await read('/log/tile/none')).status).toBe(404);
    }
    const refused = await read('/log/checkpoint');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(HOUR / 2);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', details: { limit: 'public', count: 100 } } }],
    });
    expect((await read('/%6Cog/checkpoint')).status).toBe(429);
    expect((await ask(api.client, host)).status).toBe(200);
  });

  it('is cut off where it sends messages without end', async () => {
    const authorization = `Bearer ${await signInToken(api.client, Wallet.createRandom())}`;
    const client = await SubscriptionClient.connect(api.client.url, { authorization });
    await client.message(({ type }) => type === 'connection_ack');
    for (let i = 0; i < 1_100; i += 1) client.send({ type: 'ping' });
    // A client that is still sending may be reset before it has read why.
    expect([1006, 1013]).toContain((await client.untilClosed()).code);
  });
});
