import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { createSessions, type Sessions } from '../auth/session.js';
import { createErrorFormatter } from '../errors/format-error.js';
import type { ApiContext } from '../graphql/api-context.js';
import { explorerPage } from '../graphql/explorer.js';
import { defaultLimits, limitPlugin } from '../graphql/limits.js';
import { operationObserver } from '../graphql/operation-observer.js';
import { commandHandlers, resolvers } from '../graphql/resolvers.js';
import { variablesCheck } from '../graphql/variables-check.js';
import { HealthController } from '../health/health.controller.js';
import { createMarketLoaders } from '../market/loaders.js';
import { ContentController } from '../metadata/content.controller.js';
import { API } from './dependencies.js';
import { type ApiServices, createServices } from './services.js';
import { currentCorrelationId } from './request-context.js';

/** Wires what exists; it decides nothing. */
@Module({})
export class ApiModule {
  static forRoot(api: ApiServices): DynamicModule {
    const sessions = createSessions(api.config.jwtSecret, api.clock);
    return {
      module: ApiModule,
      global: true,
      imports: [CqrsModule.forRoot(), GraphQLModule.forRoot<ApolloDriverConfig>(graphql(api, sessions))],
      controllers: [HealthController, ContentController],
      providers: [
        { provide: API.services, useValue: api },
        { provide: API.commandServices, useValue: createServices(api, api.pool) },
        { provide: API.sessions, useValue: sessions },
        ...commandHandlers,
        ...resolvers,
      ],
      exports: [API.services, API.sessions],
    };
  }
}

function graphql(api: ApiServices, sessions: Sessions): ApolloDriverConfig {
  return {
    driver: ApolloDriver,
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    introspection: true,
    graphiql: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    autoTransformHttpErrors: false,
    stopOnApplicationShutdown: true,
    plugins: [explorerPage, operationObserver, limitPlugin(defaultLimits), variablesCheck],
    formatError: createErrorFormatter(api.logger),
    context: async (request: FastifyRequest): Promise<ApiContext> => ({
      session: await sessions.read(request.headers.authorization),
      correlationId: currentCorrelationId() ?? request.id,
      loaders: createMarketLoaders(api),
    }),
  };
}
