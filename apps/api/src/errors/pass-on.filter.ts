import { failureClassOf, type Logger, mayPass, Outages } from '@abland/kernel';
import { isRefusedByDatabase } from '@abland/postgres';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { currentCorrelationId } from '../http/request-context.js';
import { httpAnswer, type HttpRefusal, httpRefusalOf } from './http-refusal.js';

/**
 * Hands what resolvers throw to the one mapping of errors, unlogged: NestJS would log every refusal as an error of ours. What is
 * refused or fails outside of GraphQL is answered in the same form, and logged where it is ours.
 */
@Catch()
export class PassOnFilter implements ExceptionFilter {
  private readonly failures: Outages;

  constructor(logger: Logger) {
    this.failures = new Outages({ logger, message: 'request failed', level: 'error' });
  }

  catch(exception: unknown, host: ArgumentsHost): unknown {
    if (host.getType<string>() === 'graphql') return exception;
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, ...told } = httpRefusalOf(exception) ?? this.failure(exception);
    if (status === UNAVAILABLE.status) void reply.header('retry-after', RETRY_AFTER_SECONDS);
    if (!reply.sent)
      void reply.code(status).type('application/json').send(httpAnswer(told, currentCorrelationId()));
    return undefined;
  }

  private failure(error: unknown): HttpRefusal {
    this.failures.note(error, { correlationId: currentCorrelationId() });
    if (!mayPass(failureClassOf(error)) && !isRefusedByDatabase(error))
      return { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'Internal error', details: {} };
    return UNAVAILABLE;
  }
}

const RETRY_AFTER_SECONDS = 5;
const UNAVAILABLE: HttpRefusal = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  message: 'A part that this needs is out of reach; try again',
  details: {},
};
