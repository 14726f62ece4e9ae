import type { FastifyInstance, FastifyRequest } from 'fastify';
import { httpAnswer } from '../errors/http-refusal.js';
import { currentCorrelationId } from '../http/request-context.js';
import { networkOf } from './network-address.js';
import { ofAddress, type RateCounter, type RateLimits } from './rate-limit.js';
import { RATE_LIMITED_MESSAGE, rateDetails, rateHeaders } from './told-rates.js';

/** Counts what comes from one network address before anything of it is read. */
export function limitRequests(fastify: FastifyInstance, limits: RateLimits, counter: RateCounter): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (limits.general === null || !isCounted(request)) return;
    const limit = ofAddress(limits.general);
    const counted = await counter.take('address', limit, networkOf(request.ip), 1);
    if (counted.isAllowed) return;
    const count = { name: 'address', limit, counted };
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

/** What a browser asks before a request is no request yet. */
const isCounted = ({ method, url }: FastifyRequest): boolean =>
  method !== 'OPTIONS' && /^\/graphql\/?(?:\?|$)/.test(url);
