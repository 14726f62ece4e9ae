import type { ApolloServerPlugin } from '@apollo/server';
import type { LiveState } from '@abland/projections';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { ApiContext, Sharing } from '../context/api-context.js';
import { contextOf } from '../http/http-hooks.js';
import { httpAnswer } from '../errors/http-refusal.js';
import { countRequest, type RateRules } from '../rate-limits/limit-operations.js';
import { networkOf } from '../rate-limits/network-address.js';
import { rateHeaders } from '../rate-limits/told-rates.js';
import { MIN_POSITION_HEADER, POSITION_HEADER } from '../read-positions/min-position.js';
import type { Presented } from '../sessions/session.js';
import { type Asked, askedOf, digestOf } from './asked.js';
import { type KeptAnswer, KeptAnswers, type KeepingLimits } from './kept-answers.js';
import { NextLook } from './next-look.js';
import { isSameForAll } from './same-for-all.js';

export interface AnswerCacheOptions {
  /** Where the read models are, in the database that queries read. */
  readonly look: () => Promise<LiveState>;
  readonly rates: RateRules;
  readonly presented: (authorization: string | undefined) => Presented;
  readonly limits?: KeepingLimits;
  /** Hears of every answer that might have been kept, and whether it was. */
  readonly onAnswer: (from: 'kept' | 'made') => void;
}

interface Making extends Sharing {
  readonly asked: Asked;
  readonly digest: string | null;
  readonly done: (answer: KeptAnswer | null) => void;
}

const LIMITS: KeepingLimits = { sizeMax: 32 * 1024 * 1024, ageMsMax: 1_000 };
/** Documents of which it is known that all are answered the same. */
const DOCUMENTS_MAX = 2_000;
/** Answers of others that somebody waits for, one after the other, before they make their own. */
const WAITS_MAX = 3;
const POSITION = /^\d{1,20}$/;

/**
 * Answers again what was answered to whomever of the same state of the read models. Where they are is asked for each request after it
 * came, by one look for all that came meanwhile: an answer is as new as if it had been made, but for what goes by the clock or is
 * told as parked, which may be a second old.
 */
export class AnswerCache {
  private readonly kept: KeptAnswers;
  private readonly looks: NextLook<LiveState>;
  private readonly making = new WeakMap<FastifyRequest, Making>();
  /** By digest and key: who asks the same meanwhile waits for it. */
  private readonly awaited = new Map<string, Promise<KeptAnswer | null>>();
  private readonly same = new Set<string>();

  constructor(private readonly options: AnswerCacheOptions) {
    this.kept = new KeptAnswers(options.limits ?? LIMITS, () => performance.now());
    this.looks = new NextLook(options.look);
  }

  install(fastify: FastifyInstance): void {
    fastify.addHook('preHandler', async (request, reply) => {
      const asked = askedOf(request);
      if (asked === null) return;
      const answer = this.same.has(asked.document)
        ? await this.answer(request, reply, asked)
        : this.begin(request, reply, asked, null);
      if (answer !== null) return this.send(request, reply, asked, answer);
    });
    fastify.addHook('onSend', async (request, reply, payload) => this.sent(request, reply, payload));
  }

  /** Notes which operations all are answered the same. */
  plugin(): ApolloServerPlugin<ApiContext> {
    return {
      requestDidStart: async () => ({
        didResolveOperation: async ({ contextValue: { sharing }, document, operation, schema }) => {
          if (sharing !== null && operation !== undefined)
            sharing.isSame = isSameForAll(schema, document, operation);
        },
      }),
    };
  }

  sharingOf(request: FastifyRequest): Sharing | null {
    return this.making.get(request) ?? null;
  }

  /** One that is there, or that somebody else waits for too; null: it is this request's to make. */
  private async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Asked,
  ): Promise<KeptAnswer | null> {
    const live = await this.looks.take().catch(() => null);
    if (live === null || !isReached(request, reply, live)) return this.begin(request, reply, asked, null);
    // Where nothing came of what they waited for, one of them makes it, and the others wait for that one; not for ever.
    for (let waited = 0; waited < WAITS_MAX; waited += 1) {
      const found = this.kept.of(live.digest, asked.key);
      if (found !== undefined) return found;
      const making = this.awaited.get(`${live.digest}:${asked.key}`);
      if (making === undefined) break;
      const made = await making;
      if (made !== null) return made;
    }
    return this.begin(request, reply, asked, live.digest);
  }

  /** @param digest null: it is not kept */
  private begin(request: FastifyRequest, reply: FastifyReply, asked: Asked, digest: string | null): null {
    const { promise, resolve: done } = Promise.withResolvers<KeptAnswer | null>();
    this.making.set(request, { asked, digest, done, isSame: false, isPersonal: false });
    const name = `${digest}:${asked.key}`;
    if (digest === null || this.awaited.has(name)) return null;
    this.awaited.set(name, promise);
    void promise.then(() => this.awaited.delete(name));
    // Also of a client that is gone before it is answered: Fastify tells no response of it.
    if (reply.raw.destroyed) done(null);
    else reply.raw.once('close', () => done(null));
    return null;
  }

  private async send(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Asked,
    answer: KeptAnswer,
  ): Promise<FastifyReply> {
    const context = contextOf(request);
    if (context !== undefined) context.operation = { name: answer.operation, kind: 'query' };
    const { caller } = this.options.presented(request.headers.authorization);
    try {
      const counts = await countRequest(this.options.rates, { caller, network: networkOf(request.ip) });
      void reply.headers(rateHeaders(counts));
    } catch (error) {
      return refuse(request, reply, error);
    }
    this.options.onAnswer('kept');
    if (!asked.byId) void reply.header('cache-control', 'no-store');
    return reply.type(answer.contentType).send(answer.body);
  }

  /** Of an answer that may be kept, also by others on its way: how they ask whether it is still the newest. */
  private sent(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
    const making = this.making.get(request);
    if (typeof payload !== 'string' || reply.statusCode !== 200) return payload;
    if (making !== undefined) this.made(request, reply, making, payload);
    return request.method === 'GET' && askedOf(request) !== null
      ? revalidated(request, reply, payload)
      : payload;
  }

  private made(request: FastifyRequest, reply: FastifyReply, making: Making, body: string): void {
    const context = contextOf(request);
    const { asked, digest, done, isPersonal, isSame } = making;
    if (!isSame || isPersonal || (context?.errorCodes.length ?? 1) > 0) return;
    this.options.onAnswer('made');
    this.note(asked.document);
    if (digest === null) return;
    const contentType = String(reply.getHeader('content-type') ?? 'application/json');
    const operation = context?.operation?.name ?? '';
    const answer = { body, contentType, operation, keptAt: performance.now() };
    this.kept.keep(digest, asked.key, answer);
    done(answer);
  }

  private note(document: string): void {
    this.same.delete(document);
    this.same.add(document);
    const [oldest] = this.same;
    if (this.same.size > DOCUMENTS_MAX && oldest !== undefined) this.same.delete(oldest);
  }
}

/** Who asks for a later state than is there waits where all do who ask so. */
function isReached({ headers }: FastifyRequest, reply: FastifyReply, { position }: LiveState): boolean {
  const wanted = headers[MIN_POSITION_HEADER];
  if (wanted === undefined) return true;
  if (typeof wanted !== 'string' || !POSITION.test(wanted) || position === null) return false;
  if (position < BigInt(wanted)) return false;
  void reply.header(POSITION_HEADER, `${position}`);
  return true;
}

const etagOf = (body: string): string => `"${digestOf(body)}"`;

/** A cache on the way may keep it, and asks before it tells it again. */
function revalidated(request: FastifyRequest, reply: FastifyReply, body: string): string | null {
  const etag = etagOf(body);
  const isPersonal = request.headers.authorization !== undefined;
  void reply
    .header('etag', etag)
    .header('cache-control', isPersonal ? 'private, no-cache' : 'public, no-cache')
    .header('vary', 'accept, origin');
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known === undefined || !(known.includes(etag) || known.includes('*'))) return body;
  void reply.code(304).removeHeader('content-length').removeHeader('content-type');
  return null;
}

function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof GraphQLError)) throw error;
  const { details, http } = error.extensions as unknown as {
    readonly details: Readonly<Record<string, unknown>>;
    readonly http: { readonly headers: ReadonlyMap<string, string> };
  };
  const told = { code: 'RATE_LIMITED', message: error.message, details } as const;
  const correlationId = contextOf(request)?.correlationId ?? null;
  return reply
    .code(429)
    .headers(Object.fromEntries(http.headers))
    .type('application/json')
    .send(httpAnswer(told, correlationId));
}
