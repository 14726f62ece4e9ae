import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { createReadModel } from '@abland/projections';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { AuditController } from '../audit/audit.controller.js';
import type { AnswerCache } from '../answers/answer-cache.js';
import type { ApiContext } from '../context/api-context.js';
import { Loaders } from '../context/loaders.js';
import { CONFIRMATION_HEADER } from '../confirmations/signed-act.js';
import { createErrorFormatter } from '../errors/format-error.js';
import { landingPage } from '../graphql/explorer.js';
import { defaultLimits, limitPlugin, PARSE_OPTIONS } from '../graphql/limits.js';
import { operationObserver } from '../graphql/operation-observer.js';
import { subscriptionsElsewhere } from '../graphql/subscriptions-elsewhere.js';
import { GRAPHQL_PATH } from '../http/graphql-path.js';
import { variablesCheck } from '../graphql/variables-check.js';
import { HealthController } from '../health/health.controller.js';
import { currentCorrelationId } from '../http/request-context.js';
import { ContentController } from '../metadata/content.controller.js';
import { limitOperations } from '../rate-limits/limit-operations.js';
import { networkOf } from '../rate-limits/network-address.js';
import type { RateCounter } from '../rate-limits/rate-limit.js';
import type { ApiDependencies } from './dependencies.js';
import { POSITION_WITHIN_MS, waitForPosition } from '../read-positions/min-position.js';
import { ReadModelWatch } from '../read-positions/read-model-watch.js';
import { type TrustedDocuments, trustedOnly } from '../trusted-documents/trusted-documents.js';
import { rateRules } from './rate-rules.js';
import { readsInSlots } from './reads-in-slots.js';
import { portProviders, type SessionParts } from './providers.js';
import { commandHandlers, resolvers } from './resolvers.js';

/** What the module and the server under it work with alike. */
export interface ServerParts {
  readonly counter: RateCounter;
  readonly trusted: TrustedDocuments;
  readonly people: SessionParts;
  readonly answers: AnswerCache;
}

/** Wires what exists; it decides nothing. */
@Module({})
export class ApiModule {
  static forRoot(api: ApiDependencies, parts: ServerParts): DynamicModule {
    const readModel = createReadModel(readsInSlots(api.readPool));
    return {
      module: ApiModule,
      global: true,
      imports: [
        CqrsModule.forRoot(),
        GraphQLModule.forRoot<ApolloDriverConfig>(
          graphql(api, () => new Loaders(readModel, api.clock), parts),
        ),
      ],
      controllers: [AuditController, HealthController, ContentController],
      providers: [...portProviders(api, readModel, parts.people), ...commandHandlers, ...resolvers],
    };
  }
}

function graphql(
  api: ApiDependencies,
  loaders: () => Loaders,
  { answers, counter, people, trusted }: ServerParts,
): ApolloDriverConfig {
  const { introspection = true } = api.config;
  return {
    driver: ApolloDriver,
    path: GRAPHQL_PATH,
    autoSchemaFile: true,
    buildSchemaOptions: { skipCheck: true }, // by a query of all of it: `printApiSchema` does that before a release
    sortSchema: true,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    graphiql: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    autoTransformHttpErrors: false,
    stopOnApplicationShutdown: true,
    plugins: [
      landingPage(api.config.explorer ?? true),
      operationObserver,
      subscriptionsElsewhere,
      trustedOnly(trusted),
      limitPlugin({ ...defaultLimits, ...api.config.queryLimits }),
      variablesCheck,
      limitOperations(rateRules(api, counter, people.roles)),
      answers.plugin(),
      waitForPosition({
        watch: new ReadModelWatch(api.readPool),
        withinMs: api.config.positionWithinMs ?? POSITION_WITHIN_MS,
      }),
    ],
    parseOptions: PARSE_OPTIONS,
    formatError: createErrorFormatter(api.logger),
    context: async (request: FastifyRequest): Promise<ApiContext> => {
      const { caller, session } = people.sessions.presented(request.headers.authorization);
      const sharing = answers.sharingOf(request);
      const correlationId = currentCorrelationId() ?? request.id;
      return {
        caller,
        session: () => {
          if (sharing !== null) sharing.isPersonal = true;
          return session();
        },
        network: networkOf(request.ip),
        correlationId,
        confirm: (by, act) =>
          people.confirmations.require(by, {
            ...act,
            presented: request.headers[CONFIRMATION_HEADER],
            correlationId,
          }),
        loaders: loaders(),
        connection: null,
        sharing,
      };
    },
  };
}
