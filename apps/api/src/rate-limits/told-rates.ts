import type { Counted, RateLimit } from './rate-limit.js';

/** A count, under the name that clients know its limit by. */
export interface NamedCount {
  readonly name: string;
  readonly limit: RateLimit;
  readonly counted: Counted;
}

/** What clients are told of their limits: draft-ietf-httpapi-ratelimit-headers-10. */
export const RATE_HEADERS = ['ratelimit-policy', 'ratelimit', 'retry-after'] as const;

export function rateHeaders(counts: readonly NamedCount[]): Readonly<Record<string, string>> {
  if (counts.length === 0) return {};
  const refused = counts.find(({ counted }) => !counted.isAllowed);
  return {
    'ratelimit-policy': counts
      .map(({ name, limit }) => `"${name}";q=${limit.count};w=${limit.seconds}`)
      .join(', '),
    ratelimit: counts
      .map(({ name, counted }) => `"${name}";r=${counted.remaining};t=${counted.resetSeconds}`)
      .join(', '),
    ...(refused === undefined ? {} : { 'retry-after': `${refused.counted.resetSeconds}` }),
  };
}

export const RATE_LIMITED_MESSAGE = 'Too many requests: wait before the next one';

/** Of the error RATE_LIMITED. */
export const rateDetails = ({ name, limit, counted }: NamedCount): Readonly<Record<string, unknown>> => ({
  limit: name,
  count: limit.count,
  windowSeconds: limit.seconds,
  retryAfterSeconds: counted.resetSeconds,
});
