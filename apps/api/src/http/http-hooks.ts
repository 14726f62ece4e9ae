import { type Logger, Outages } from '@abland/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v4 as uuidv4 } from 'uuid';
import { RequestReads } from '../reading/request-reads.js';
import { type RequestContext, runInRequest } from './request-context.js';

/** Hears of every request that was answered. */
export interface RequestObserver {
  observeRequest(kind: string, status: number, errorCodes: readonly string[], seconds: number): void;
}

const REQUEST_ID = 'x-request-id';
const acceptableId = /^[\x21-\x7e]{1,100}$/;
const contexts = new WeakMap<FastifyRequest, RequestContext>();

/**
 * A correlation id for every request, security headers on every answer, and one log line when it is done; of those that were too many, or
 * failed for a reason of ours, one of each kind and how many they were: an outage must not fill a disk with who met it.
 */
export function installHttpHooks(fastify: FastifyInstance, logger: Logger, metrics: RequestObserver): void {
  const tooMany = new Outages({ logger, message: 'requests are refused: there are too many', level: 'info' });
  const failing = new Outages({ logger, message: 'requests fail' });
  fastify.addHook('onRequest', (request, reply, done) => {
    const reads = new RequestReads();
    reply.raw.once('close', () => reads.end());
    const context: RequestContext = {
      correlationId: prepareAnswer(request, reply),
      operation: null,
      errorCodes: [],
      reads,
    };
    contexts.set(request, context);
    runInRequest(context, done);
  });
  // Reading the body breaks the asynchronous chain that onRequest began.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const context = contexts.get(request);
    if (context === undefined) done();
    else runInRequest(context, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    report(request, reply, { failing, logger, metrics, tooMany });
    done();
  });
}

/** What every answer carries, also one that no hook ran for. Returns the correlation id. */
export function prepareAnswer(request: FastifyRequest, reply: FastifyReply): string {
  const correlationId = correlationIdOf(request);
  setHeaders(reply, correlationId);
  return correlationId;
}

/** The GraphQL handler runs in a scope of its own where the chain was broken before it. */
export const contextOf = (request: FastifyRequest): RequestContext | undefined => contexts.get(request);

function correlationIdOf(request: FastifyRequest): string {
  const given = request.headers[REQUEST_ID];
  return typeof given === 'string' && acceptableId.test(given) ? given : uuidv4();
}

function setHeaders(reply: FastifyReply, correlationId: string): void {
  void reply
    .header(REQUEST_ID, correlationId)
    .header('x-content-type-options', 'nosniff')
    .header('x-frame-options', 'DENY')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin')
    .header(
      'content-security-policy',
      "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
        "font-src 'self' data:; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
}

interface Reporting {
  readonly failing: Outages;
  readonly logger: Logger;
  readonly metrics: RequestObserver;
  readonly tooMany: Outages;
}

function report(
  request: FastifyRequest,
  reply: FastifyReply,
  { failing, logger, metrics, tooMany }: Reporting,
): void {
  const context = contexts.get(request);
  const operation = context?.operation ?? null;
  // By the names of the Elastic Common Schema, where it has them.
  const fields = {
    correlationId: context?.correlationId,
    http: {
      request: { id: context?.correlationId, method: request.method },
      response: { status_code: reply.statusCode },
    },
    url: { path: request.url.split('?', 1)[0] },
    event: { duration: Math.round(reply.elapsedTime * NANOSECONDS) },
    ...(operation === null ? {} : { operation: operation.name, kind: operation.kind }),
    ...(context === undefined || context.errorCodes.length === 0 ? {} : { errors: context.errorCodes }),
  };
  // Nobody waits for what a probe is told: it is not counted among the answers that people get.
  if (isProbe(request.url)) {
    logger.debug(fields, 'request');
    return;
  }
  metrics.observeRequest(
    operation?.kind ?? 'http',
    reply.statusCode,
    context?.errorCodes ?? [],
    reply.elapsedTime / 1000,
  );
  if (reply.statusCode === TOO_MANY) return tooMany.note(null, fields, 'RATE_LIMITED');
  const failure = failureOf(reply.statusCode, context?.errorCodes ?? []);
  if (failure !== null) failing.note(null, fields, failure);
  else logger.info(fields, 'request');
}

const TOO_MANY = 429;
/** In a millisecond. */
const NANOSECONDS = 1_000_000;
/** Codes of ours for what is no fault of who asked. */
const FAILURES: ReadonlySet<string> = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

/** Of an answer that fails for no fault of who asked: what it is told apart by. */
const failureOf = (status: number, errorCodes: readonly string[]): string | null =>
  errorCodes.find((code) => FAILURES.has(code)) ?? (status >= 500 ? String(status) : null);

/** What supervisors ask: it is answered however much else is. */
export const isProbe = (url: string): boolean => url === '/health' || url === '/ready' || url === '/metrics';
