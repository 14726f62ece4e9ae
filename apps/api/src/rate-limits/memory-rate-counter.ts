import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Counted, RateCounter, RateLimit } from './rate-limit.js';

/** Keys that begin to be counted in one duration: who comes after so many shares one count with all others that do. */
const KEYS_MAX = 100_000;
const KEY_OF_OTHERS = 'others';

/** Counts in this process alone, in bounded memory. */
export class MemoryRateCounter implements RateCounter {
  private readonly scopes = new Map<string, Scope>();

  constructor(private readonly keysMax = KEYS_MAX) {}

  async take(scope: string, limit: RateLimit, key: string, amount: number): Promise<Counted> {
    const name = `${scope} ${limit.count}/${limit.seconds}`;
    const counting = this.scopes.get(name) ?? new Scope(limit, this.keysMax);
    this.scopes.set(name, counting);
    return counting.take(key, amount);
  }
}

class Scope {
  private readonly limiter: RateLimiterMemory;
  private begun = 0;
  private since = performance.now();

  constructor(
    private readonly limit: RateLimit,
    private readonly keysMax: number,
  ) {
    this.limiter = new RateLimiterMemory({ points: limit.count, duration: limit.seconds });
  }

  async take(key: string, amount: number): Promise<Counted> {
    const told = await consume(this.limiter, await this.counted(key), amount);
    if (told.consumedPoints === amount) this.begun += 1;
    return countedOf(told, this.limit);
  }

  /** Under which key it counts. */
  private async counted(key: string): Promise<string> {
    if (performance.now() - this.since >= this.limit.seconds * 1_000) {
      this.begun = 0;
      this.since = performance.now();
    }
    if (this.begun < this.keysMax) return key;
    return (await this.limiter.get(key)) === null ? KEY_OF_OTHERS : key;
  }
}

/** The library throws what it refuses. */
export async function consume(
  limiter: RateLimiterAbstract,
  key: string,
  amount: number,
): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key, amount);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return refused;
    throw refused;
  }
}

export const countedOf = (told: RateLimiterRes, { count }: RateLimit): Counted => ({
  isAllowed: told.consumedPoints <= count,
  remaining: Math.max(0, count - told.consumedPoints),
  resetSeconds: Math.max(1, Math.ceil(told.msBeforeNext / 1_000)),
});
