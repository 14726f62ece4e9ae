import { randomUUID } from 'node:crypto';
import { type Logger, silentLogger } from '@abland/kernel';
import { eventually } from '@abland/testing/eventually';
import { installRedis, RedisServer } from '@abland/testing/redis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { rateCounterLaws } from './rate-counter-laws.js';
import type { Counted, RateCounter } from '../src/rate-limits/rate-limit.js';
import { type OpenRateCounter, openRedisRateCounter } from '../src/rate-limits/redis-rate-counter.js';

const LIMIT = { count: 100, seconds: 3_600 };

describe('a count of requests in Redis', () => {
  let redis: RedisServer;
  let open: OpenRateCounter[] = [];
  let scopes = 0;

  beforeAll(async () => {
    await installRedis();
    redis = await RedisServer.start();
  }, 300_000);
  afterEach(async () => {
    await Promise.all(open.map((one) => one.close()));
    open = [];
  });
  afterAll(() => redis.kill());

  /** An API's; what it counts, none before it did. */
  async function instance(
    scope = `test-${(scopes += 1)}`,
    logger: Logger = silentLogger,
  ): Promise<RateCounter> {
    const opened = await openRedisRateCounter(redis.url, logger);
    open.push(opened);
    return { take: (name, ...rest) => opened.counter.take(`${scope} ${name}`, ...rest) };
  }
  const take = (counter: RateCounter, amount = 1): Promise<Counted> =>
    counter.take('general', LIMIT, 'a', amount);
  describe('is as one in memory:', () => {
    rateCounterLaws(() => instance());
  });

  it('is one for all instances', async () => {
    const [one, other] = [await instance('shared'), await instance('shared')];
    await take(one, 50);
    const { remaining } = await take(other);
    expect(remaining).toBeLessThan(50);
    const counted = await Promise.all(
      Array.from({ length: 100 }, (_, index) => take(index % 2 === 0 ? one : other)),
    );
    expect(counted.filter(({ isAllowed }) => isAllowed)).toHaveLength(remaining);
  });

  it.each([
    ['killed', () => redis.kill(), () => redis.start()],
    ['standing', async () => redis.stand(), async () => redis.goOn()],
  ] as const)(
    'is of each instance alone while Redis is %s, tells it once, and is one again',
    async (name, end, begin) => {
      const told: string[] = [];
      const tell = (_fields: unknown, message?: string): void => void told.push(message ?? '');
      const logger = { ...silentLogger, warn: tell, info: tell } as Logger;
      const [one, other] = [await instance(name, logger), await instance(name)];
      await end();
      try {
        const counted = [];
        for (let i = 0; i < 150; i += 1) counted.push(await take(one));
        const allowed = counted.filter(({ isAllowed }) => isAllowed);
        expect(allowed.length).toBeGreaterThan(0);
        expect(allowed.length).toBeLessThanOrEqual(2 * LIMIT.count);
        expect(counted.at(-1)?.isAllowed).toBe(false);
      } finally {
        await begin();
      }
      await eventually(async () => {
        await take(one);
        expect(told).toContain('Redis is back: requests are counted together');
      });
      await eventually(async () => {
        const key = randomUUID();
        await one.take('general', LIMIT, key, 1);
        expect((await other.take('general', LIMIT, key, 1)).remaining).toBe(LIMIT.count - 2);
      });
      expect(told.filter((message) => message.startsWith('Redis is away'))).toHaveLength(1);
    },
  );
});
