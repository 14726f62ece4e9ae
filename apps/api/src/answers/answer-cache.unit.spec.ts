import { silentLogger } from '@abland/kernel';
import { until } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { installHttpHooks } from '../http/http-hooks.js';
import { MemoryRateCounter } from '../rate-limits/memory-rate-counter.js';
import { NO_RATE_LIMITS } from '../rate-limits/rate-limit.js';
import { AnswerCache } from './answer-cache.js';

/** How many make an answer at once, and how each ends. */
const making = { now: 0, most: 0, times: 0 };
let ends: PromiseWithResolvers<'answer' | 'failure'>;
let digest = 'first';
let server: FastifyInstance;

beforeAll(async () => {
  server = fastify();
  installHttpHooks(server, silentLogger, { observeRequest: () => undefined });
  const cache = new AnswerCache({
    look: () => Promise.resolve({ digest, position: 1n }),
    rates: {
      ...{ limits: NO_RATE_LIMITS, counter: new MemoryRateCounter(), operators: new Set() },
      mayExceed: () => Promise.resolve(false),
    },
    presented: () => ({
      session: () => Promise.reject(new Error('nobody')),
      caller: () => Promise.resolve(null),
    }),
    onAnswer: () => undefined,
  });
  cache.install(server);
  server.post('/graphql', async (request, reply) => {
    making.now += 1;
    making.times += 1;
    making.most = Math.max(making.most, making.now);
    const end = await ends.promise;
    making.now -= 1;
    const sharing = cache.sharingOf(request);
    if (sharing !== null) sharing.isSame = true;
    return reply.code(end === 'answer' ? 200 : 503).send('{"data":{}}');
  });
});
afterAll(() => server.close());

const ask = () =>
  server
    .inject({ method: 'POST', url: '/graphql', payload: { query: '{ same }' } })
    .then(({ statusCode }) => statusCode);
const untilMade = (times: number): Promise<void> => until(() => making.times === times);

describe('an answer that many wait for', () => {
  it('is made by one of them at a time where it fails, and is everybody’s once it does not', async () => {
    ends = Promise.withResolvers();
    ends.resolve('answer');
    expect(await ask()).toBe(200);
    digest = 'second';
    Object.assign(making, { now: 0, most: 0, times: 0 });
    ends = Promise.withResolvers();
    const asked = Array.from({ length: 6 }, ask);
    await untilMade(1);
    const failing = ends;
    ends = Promise.withResolvers();
    failing.resolve('failure');
    await untilMade(2);
    ends.resolve('answer');
    expect((await Promise.all(asked)).toSorted()).toEqual([200, 200, 200, 200, 200, 503]);
    expect(making).toEqual({ now: 0, most: 1, times: 2 });
  });
});
