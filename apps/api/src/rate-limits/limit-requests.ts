import type { FastifyInstance, FastifyRequest } from 'fastify';
import { httpAnswer } from '../errors/http-refusal.js';
import { currentCorrelationId } from '../http/request-context.js';
import { networkOf } from './network-address.js';
import { ofAddress, ofPublic, type RateCounter, type RateLimits } from './rate-limit.js';
import { RATE_LIMITED_MESSAGE, rateDetails, rateHeaders } from './told-rates.js';

/** Counts what comes from one network address before anything of it is read. */
export function limitRequests(fastify: FastifyInstance, limits: RateLimits, counter: RateCounter): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const name = countedAs(request);
    if (limits.general === null || name === null) return;
    const limit = name === 'address' ? ofAddress(limits.general) : ofPublic(limits.general);
    const counted = await counter.take(name, limit, networkOf(request.ip), 1);
    if (counted.isAllowed) return;
    const count = { name, limit, counted };
    const told = {
      code: 'RATE_LIMITED',
      message: RATE_LIMITED_MESSAGE,
      details: rateDetails(count),
    } as const;
    return reply
      .code(429)
      .headers(rateHeaders([count]))
      .type('application/json')
      .send(httpAnswer(told, currentCorrelationId()));
  });
}

/**
 * What the log and contents are public by is counted apart: whoever checks the log reads much of it, and nobody who does is kept from
 * asking for anything else. What a browser asks before a request is no request yet.
 */
function countedAs({ method, url }: FastifyRequest): 'address' | 'public' | null {
  if (method === 'OPTIONS') return null;
  const path = pathOf(url);
  if (/^\/graphql\/?$/.test(path)) return 'address';
  return /^\/(?:log|ipfs)\//.test(path) ? 'public' : null;
}

/** As the router reads it: `/%67raphql` and `http://any.example/graphql` lead where `/graphql` does. */
export function pathOf(url: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#;].*$/s, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // the router refuses it
  }
}
