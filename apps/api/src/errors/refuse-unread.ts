import type { FastifyReply, FastifyRequest } from 'fastify';
import { prepareAnswer } from '../http/http-hooks.js';
import { httpAnswer, httpRefusalOf, NOTHING_THERE } from './http-refusal.js';

/** What the server refuses before any hook runs: a path that is no text. */
export function refuseUnread(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const correlationId = prepareAnswer(request, reply);
  const { status, ...told } = httpRefusalOf(error) ?? NOTHING_THERE;
  void reply.code(status).type('application/json').send(httpAnswer(told, correlationId));
}
