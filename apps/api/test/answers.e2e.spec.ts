import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@abland/testing/seeded-random';
import { Wallet } from 'ethers';
import { Registry } from 'prom-client';
import { NO_RATE_LIMITS, type RateLimits } from '../src/rate-limits/rate-limit.js';
import { documentId } from '../src/trusted-documents/trusted-documents.js';
import { type ApiClient, signIn, signInToken } from './api-client.js';
import { CONTRACTS } from './contracts.js';
import { type Market, openMarket, RESERVE_A, RESERVE_B, TOKEN_A, TOKEN_B, UNIT } from './market-fixture.js';
import { OtherProcesses } from './other-processes.js';
import { startTestApi, type TestApi } from './test-api.js';
import { swapFacts } from './test-chain.js';

const POOLS = `query Pools { pools(first: 5) { edges { node {
  id reserveA reserveB swapCount tokenA { symbol } finality { status confirmations blockNumber blockHash }
} } } }`;
const SWAPS = `query Swaps { swaps(first: 50) { edges { node { id amountIn finality { confirmations } } } } }`;
const ME = 'query Me { me { address } }';

let api: TestApi;
let market: Market;
let other: ApiClient;
const otherMetrics = new Registry();
const limits: { -readonly [Name in keyof RateLimits]: RateLimits[Name] } = { ...NO_RATE_LIMITS };
const others = new OtherProcesses(() => api);

beforeAll(async () => {
  const trustedDocuments = { texts: [POOLS, ME], only: false };
  api = await startTestApi({ config: { rateLimits: limits, trustedDocuments } });
  market = await openMarket(api);
  other = await others.start({}, { metrics: otherMetrics });
});
afterAll(async () => {
  await others.stop();
  await api.stop();
});

/** How many answers were told again, and how many were made, of those that are the same for all. */
async function answers(metrics = api.dependencies.metrics): Promise<{ kept: number; made: number }> {
  const found = await metrics.getSingleMetric('abland_api_answers_same_for_all_total')?.get();
  const of = (from: string): number =>
    found?.values.find(({ labels }) => labels['from'] === from)?.value ?? 0;
  return { kept: of('kept'), made: of('made') };
}
async function during(work: () => Promise<unknown>): Promise<{ kept: number; made: number }> {
  const before = await answers();
  await work();
  const after = await answers();
  return { kept: after.kept - before.kept, made: after.made - before.made };
}

let [reserveA, reserveB] = [RESERVE_A, RESERVE_B];
let fresh = 0;
const swap = async (): Promise<void> => {
  const [amountIn, amountOut] = [UNIT, UNIT / 3n];
  [reserveA, reserveB] = [reserveA + amountIn, reserveB - amountOut];
  const manager = CONTRACTS.liquidityManager;
  const { poolId, wallet } = market;
  const swapped = { poolId, user: wallet.address, manager, tokenIn: TOKEN_A, tokenOut: TOKEN_B };
  const facts = swapFacts({ ...swapped, amountIn, amountOut, reserveA, reserveB });
  await api.chain.mine({ txHash: api.chain.nextTxHash(), facts });
};
/** As it is made: what nobody asked before nobody kept. */
const made = (query: string, client = api.client): Promise<unknown> =>
  client.query(`# ${(fresh += 1)}\n${query}`);
const warm = async (query: string, client = api.client): Promise<void> => {
  for (let times = 0; times < 3; times += 1) await client.query(query);
};

describe('an answer that is the same for all', () => {
  it('is told again while the read models stand, to whomever, and made anew once they do not', async () => {
    await warm(POOLS);
    const signedIn = await signIn(api.client, Wallet.createRandom());
    await api.settle();
    await warm(POOLS);
    const told = await api.client.query(POOLS);
    const counts = await during(async () => {
      for (const client of [api.client, signedIn, api.client])
        expect(await client.query(POOLS)).toEqual(told);
    });
    expect(counts.kept).toBeGreaterThan(0);
    await swap();
    await api.settle();
    const after = await api.client.query(POOLS);
    expect(after).not.toEqual(told);
    expect(after).toEqual(await made(POOLS));
  });

  it('is never older than the read models, at two processes, whatever the chain takes back', async () => {
    const random = new SeededRandom(7);
    for (const client of [api.client, other]) for (const query of [POOLS, SWAPS]) await warm(query, client);
    const before = [await answers(), await answers(otherMetrics)];
    for (let round = 0; round < 25; round += 1) {
      const depth = random.below(3);
      if (depth > 0 && round > 3) await api.chain.revert(depth);
      for (let count = 0; count <= depth; count += 1) await swap();
      await api.settle();
      for (const query of [POOLS, SWAPS]) {
        const truth = await made(query);
        for (const client of [api.client, other])
          for (let times = 0; times < 3; times += 1) expect(await client.query(query)).toEqual(truth);
      }
    }
    const after = [await answers(), await answers(otherMetrics)];
    for (const [index, { kept }] of after.entries())
      expect(kept).toBeGreaterThan((before[index]?.kept ?? 0) + 25);
  });

  it('is of the position that is asked for, or later', async () => {
    await warm(POOLS);
    for (let round = 0; round < 10; round += 1) {
      await swap();
      const position = String(await api.store.head());
      const { data, headers } = await api.client.send(POOLS, {}, { 'x-min-position': position });
      expect(Number(headers.get('x-position'))).toBeGreaterThanOrEqual(Number(position));
      expect(data.pools.edges[0].node.reserveA).toBe(`${reserveA}`);
      const again = await api.client.send(POOLS, {}, { 'x-min-position': position });
      expect(again.data).toEqual(data);
    }
    const { errors } = await api.client.send(POOLS, {}, { 'x-min-position': 'none' });
    expect(errors[0]?.extensions.code).toBe('BAD_REQUEST');
  });

  it('is made once for all who ask at once', async () => {
    await warm(POOLS);
    await swap();
    await api.settle();
    const counts = await during(() => Promise.all(Array.from({ length: 20 }, () => api.client.query(POOLS))));
    expect(counts.kept + counts.made).toBe(20);
    expect(counts.made).toBeLessThan(5);
  });

  it('counts as any, whether it is made or not', async () => {
    await warm(POOLS);
    limits.general = { count: 4, seconds: 3_600 };
    const headers = { 'x-request-id': 'of-mine' };
    const token = await signInToken(other, Wallet.createRandom());
    const statuses: number[] = [];
    const counts = await during(async () => {
      const mine = api.client.as(token);
      for (let times = 0; times < 6; times += 1) statuses.push((await mine.send(POOLS, {}, headers)).status);
    });
    limits.general = null;
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    expect(counts.kept).toBeGreaterThan(0);
  });

  it('is told with the headers of any', async () => {
    await warm(POOLS);
    const { headers } = await api.client.send(POOLS, {}, { 'x-request-id': 'of-mine' });
    expect(headers.get('x-request-id')).toBe('of-mine');
    expect(headers.get('content-type')).toContain('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('an answer that is not', () => {
  it('is made for each: of who asks, of what fails, of a mutation', async () => {
    const [ada, bob] = [Wallet.createRandom(), Wallet.createRandom()];
    for (let times = 0; times < 3; times += 1)
      for (const wallet of [ada, bob])
        expect((await (await signIn(api.client, wallet)).query(ME)).me.address).toBe(wallet.address);
    const unknown = 'query Of { pool(id: "0x12") { id } }';
    const counts = await during(async () => {
      for (let times = 0; times < 4; times += 1)
        expect((await api.client.send(unknown)).errors).toHaveLength(1);
    });
    expect(counts).toEqual({ kept: 0, made: 0 });
    const mixed = 'query Mixed { pools(first: 1) { edges { cursor } } _meta { position } }';
    expect(await during(() => warm(mixed))).toEqual({ kept: 0, made: 0 });
  });
});

describe('a trusted document that is asked by GET', () => {
  const get = (text: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${api.client.url}/graphql?documentId=sha256:${documentId(text)}`, { headers });

  it('is told by a cache on the way only after it asked whether it is still the newest', async () => {
    const first = await get(POOLS);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(first.headers.get('cache-control')).toBe('public, no-cache');
    for (let times = 0; times < 3; times += 1) {
      const same = await get(POOLS, { 'if-none-match': etag });
      expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, etag, '']);
    }
    await swap();
    await api.settle();
    const next = await get(POOLS, { 'if-none-match': etag });
    expect(next.status).toBe(200);
    expect(next.headers.get('etag')).not.toBe(etag);
    expect(await next.json()).toEqual({ data: await made(POOLS) });
  });

  it('is kept by nobody else where it is of who asks', async () => {
    const token = await signInToken(api.client, Wallet.createRandom());
    const answer = await get(ME, { authorization: `Bearer ${token}` });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
  });
});
