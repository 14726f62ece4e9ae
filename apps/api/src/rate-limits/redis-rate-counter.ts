import { type Logger, within } from '@abland/kernel';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { createClient } from 'redis';
import { consume, countedOf, MemoryRateCounter } from './memory-rate-counter.js';
import type { Counted, RateCounter, RateLimit } from './rate-limit.js';

/** Of a request that waits: counting is not worth more. */
const ANSWER_MS = 250;
/** For how long nobody asks again where Redis did not answer: else every request would wait for it. */
const LEFT_ALONE_MS = 2_000;
const [CONNECT_MS, RECONNECT_MS_MAX, PING_MS, WAITING_MAX] = [2_000, 2_000, 5_000, 10_000];
const KEY_PREFIX = 'abland:rate';

export interface OpenRateCounter {
  readonly counter: RateCounter;
  close(): Promise<void>;
}

/**
 * Counts in Redis, for all processes of the API together. Where Redis is away each counts by itself, so that nothing is refused or
 * let through for want of it; one that is away at first is no reason not to begin.
 */
export async function openRedisRateCounter(url: string, logger: Logger): Promise<OpenRateCounter> {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: WAITING_MAX,
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 10), RECONNECT_MS_MAX),
    },
  });
  const outage = new AbsenceOfRedis(logger);
  client.on('error', (error: unknown) => outage.began(error));
  client.on('ready', () => outage.ended());
  // It goes on trying by itself, and fails only where it is closed before.
  const connected = client.connect().then(
    () => undefined,
    (error: unknown) => outage.began(error),
  );
  await within(CONNECT_MS, 'connecting to Redis', connected).catch((error: unknown) => outage.began(error));
  return {
    counter: new RedisRateCounter(client, outage),
    close() {
      client.destroy();
      return Promise.resolve();
    },
  };
}

/** Tells of Redis once where it goes, and once where it is back. */
class AbsenceOfRedis {
  private isTold = false;
  private leftAloneUntil = 0;

  constructor(private readonly logger: Logger) {}

  get isFresh(): boolean {
    return performance.now() < this.leftAloneUntil;
  }

  began(error: unknown): void {
    this.leftAloneUntil = performance.now() + LEFT_ALONE_MS;
    if (!this.isTold) this.logger.warn({ err: error }, 'Redis is away: requests are counted in this process');
    this.isTold = true;
  }

  ended(): void {
    this.leftAloneUntil = 0;
    if (this.isTold) this.logger.info({}, 'Redis is back: requests are counted together');
    this.isTold = false;
  }
}

class RedisRateCounter implements RateCounter {
  private readonly limiters = new Map<string, RateLimiterRedis>();
  private readonly alone = new MemoryRateCounter();

  constructor(
    private readonly client: unknown,
    private readonly outage: AbsenceOfRedis,
  ) {}

  async take(scope: string, limit: RateLimit, key: string, amount: number): Promise<Counted> {
    if (this.outage.isFresh) return this.alone.take(scope, limit, key, amount);
    try {
      const counting = consume(this.limiter(scope, limit), key, amount);
      const told = await within(ANSWER_MS, 'counting in Redis', counting);
      this.outage.ended();
      return countedOf(told, limit);
    } catch (error) {
      this.outage.began(error);
      return this.alone.take(scope, limit, key, amount);
    }
  }

  private limiter(scope: string, { count, seconds }: RateLimit): RateLimiterRedis {
    const name = `${scope.replaceAll(' ', '-')}:${count}:${seconds}`;
    const known = this.limiters.get(name);
    if (known !== undefined) return known;
    const limiter = new RateLimiterRedis({
      storeClient: this.client,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      keyPrefix: `${KEY_PREFIX}:${name}`,
      points: count,
      duration: seconds,
    });
    this.limiters.set(name, limiter);
    return limiter;
  }
}
