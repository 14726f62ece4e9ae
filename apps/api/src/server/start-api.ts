import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { migrateAudit } from '@abland/audit';
import { liveState } from '@abland/projections';
import { AnswerCache } from '../answers/answer-cache.js';
import { listenFailure, type Running } from '@abland/kernel';
import { migrateLeases } from '@abland/postgres';
import fastifyCors from '@fastify/cors';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { migrateApi } from '../migrations/migrate.js';
import { PassOnFilter } from '../errors/pass-on.filter.js';
import { Loaders } from '../context/loaders.js';
import { CONFIRMATION_HEADER } from '../confirmations/signed-act.js';
import { createErrorFormatter } from '../errors/format-error.js';
import { serveExplorerAssets } from '../graphql/explorer.js';
import { defaultLimits } from '../graphql/limits.js';
import { type ApiMetrics, createApiMetrics } from '../health/api-metrics.js';
import type { StageWatch } from '../stages/stage-watch.js';
import { Sessions } from '../sessions/session.js';
import { SessionWatch } from '../sessions/session-watch.js';
import { SUBSCRIPTION_LIMITS } from '../subscriptions/subscription-limits.js';
import { PORT } from '../ports/ports.js';
import { ApiModule, type ServerParts } from './api.module.js';
import type { ApiDependencies, ApiSettings } from './dependencies.js';
import { refuseEncoded, refuseUnparsed, refuseUnread } from '../errors/refuse-unread.js';
import { installHttpHooks } from '../http/http-hooks.js';
import { serveDevelopmentChain } from '../http/development-chain.js';
import { serveWebApp } from '../http/web-app.js';
import { limitRequests } from '../rate-limits/limit-requests.js';
import { MemoryRateCounter } from '../rate-limits/memory-rate-counter.js';
import { NO_RATE_LIMITS, type RateCounter } from '../rate-limits/rate-limit.js';
import { MIN_POSITION_HEADER, POSITION_HEADER } from '../read-positions/min-position.js';
import { Roles } from '../roles/roles.js';
import { askById } from '../trusted-documents/ask-by-id.js';
import { ownDocuments } from '../trusted-documents/own-documents.js';
import { TrustedDocuments, unfitDocuments } from '../trusted-documents/trusted-documents.js';
import { sessionParts } from './providers.js';
import { rateRules } from './rate-rules.js';
import { RATE_HEADERS } from '../rate-limits/told-rates.js';
import { requestBounds, RequestsInHand, USUAL_IN_HAND } from './requests-in-hand.js';
import { serveSubscriptions } from './subscription-socket.js';
import { nestLogger } from './nest-logger.js';

export interface RunningApi extends Running {
  readonly url: string;
}

/** A mutation's input is small; more than this is a mistake or an attack. */
const BODY_BYTES_MAX = 256 * 1024;

/**
 * Serves GraphQL and HTTP until stopped. What it is given stays its giver's to close.
 * @throws PortInUseError, PortRefusedError
 */
export async function startApi(api: ApiDependencies): Promise<RunningApi> {
  await Promise.all([migrateApi(api.pool), migrateLeases(api.pool), migrateAudit(api.pool)]);
  const requests = new RequestsInHand(
    undefined,
    requestBounds(api.config.requestsInHandMax ?? USUAL_IN_HAND),
  );
  const { host, port } = api.config;
  const counter = api.rateCounter ?? new MemoryRateCounter();
  const metrics = createApiMetrics(api.metrics);
  const parts = serverParts(api, counter, metrics);
  const app = await createApplication(api, requests, parts, metrics);
  try {
    await app.init();
    // Not by NestJS, which writes what that fails of into the log before we can tell it.
    await (app.getHttpAdapter().getInstance() as unknown as FastifyInstance).listen({ port, host });
  } catch (error) {
    await app.close();
    throw listenFailure(error, port, 'PORT');
  }
  const stages = app.get<StageWatch>(PORT.stages);
  stages.start();
  const watch = app.get(SessionWatch);
  watch.start();
  const { schema } = app.get(GraphQLSchemaHost);
  for (const unfit of unfitDocuments(schema, api.config.trustedDocuments?.texts ?? []))
    api.logger.warn(unfit, 'a trusted document does not fit the schema any more');
  const endSubscriptions = serveSubscriptions(app.getHttpServer() as Server, {
    schema,
    trusted: parts.trusted,
    sessions: app.get(Sessions),
    watch,
    limits: app.get(SUBSCRIPTION_LIMITS),
    queryLimits: { ...defaultLimits, ...api.config.queryLimits },
    loaders: () => new Loaders(app.get(PORT.readModel), api.clock),
    formatError: createErrorFormatter(api.logger),
    rates: rateRules(api, counter, app.get(Roles)),
    trustedProxies: api.config.trustedProxies ?? [],
    logger: api.logger,
    clock: api.clock,
  });
  const { port: given } = app.getHttpServer().address() as AddressInfo;
  const { promise: ended } = Promise.withResolvers<void>();
  const finish = async (): Promise<void> => {
    await Promise.all([endSubscriptions(), requests.finish()]);
    await Promise.all([stages.stop(), watch.stop()]);
    await app.close();
  };
  let stopped: Promise<void> | null = null;
  return {
    name: 'api',
    url: `http://localhost:${given}`,
    ended,
    stop: () => (stopped ??= finish()),
  };
}

function serverParts(api: ApiDependencies, counter: RateCounter, metrics: ApiMetrics): ServerParts {
  const people = sessionParts(api);
  return {
    counter,
    people,
    trusted: trustedDocuments(api.config),
    answers: new AnswerCache({
      look: () => liveState(api.readPool),
      rates: rateRules(api, counter, people.roles),
      presented: (authorization) => people.sessions.presented(authorization),
      onAnswer: (from) => metrics.observeAnswer(from),
    }),
  };
}

const trustedDocuments = ({ trustedDocuments: given }: ApiSettings): TrustedDocuments =>
  new TrustedDocuments([...ownDocuments(), ...(given?.texts ?? [])], given?.only ?? false);

async function createApplication(
  api: ApiDependencies,
  requests: RequestsInHand,
  parts: ServerParts,
  metrics: ApiMetrics,
): Promise<NestFastifyApplication> {
  const { explorer = true, rateLimits = NO_RATE_LIMITS, trustedProxies = [] } = api.config;
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    frameworkErrors: refuseUnread,
    clientErrorHandler: refuseUnparsed,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  installHttpHooks(fastify, api.logger, metrics);
  fastify.addHook('onRequest', refuseEncoded);
  requests.watch(fastify);
  await fastify.register(fastifyCors, {
    origin: [...api.config.corsOrigins],
    methods: ['GET', 'POST', 'OPTIONS'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'x-request-id',
      'apollo-require-preflight',
      MIN_POSITION_HEADER,
      CONFIRMATION_HEADER,
    ],
    exposedHeaders: ['x-request-id', POSITION_HEADER, ...RATE_HEADERS],
    maxAge: 600,
    strictPreflight: false, // what no browser asks is told what may be asked, too
  });
  limitRequests(fastify, rateLimits, parts.counter);
  askById(fastify, parts.trusted);
  parts.answers.install(fastify);
  if (explorer) await serveExplorerAssets(fastify);
  serveDevelopmentChain(fastify, api.config.developmentRpcUrl ?? null);
  await serveWebApp(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRoot(api, parts), adapter, {
    logger: nestLogger(api.logger),
    abortOnError: false,
  });
  return app.useGlobalFilters(new PassOnFilter(api.logger));
}
