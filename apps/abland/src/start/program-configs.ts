import type { ProgramConfigs, SystemConfig } from '@abland/platform';
import type { Parts } from './embedded-parts.js';

/**
 * What each program would be told in production: nothing is embedded any more, and each has its own secrets alone. They tell
 * of their health through the API.
 */
export function programConfigs(
  config: SystemConfig,
  { chains, databaseUrl }: Pick<Parts, 'chains' | 'databaseUrl'>,
  masterKeys: readonly Uint8Array[],
): ProgramConfigs {
  const { connections, kafka, logLevel, historyKeptDays, promotesItself, reconcileCallsPerMinute } = config;
  const { buildConnections, buildEventsPerSecond } = config;
  const eventStoreUrl = config.eventStoreDbUrl ?? databaseUrl;
  const personalKeysUrl = config.personalKeysUrl ?? databaseUrl;
  const background = { logLevel, metricsPort: null, databaseUrl };
  return {
    indexer: {
      ...background,
      kafka,
      eventStoreUrl,
      reconcileCallsPerMinute,
      chains,
      connectionsMax: connections.indexer,
    },
    projector: {
      ...{ ...background, eventStoreUrl, historyKeptDays, promotesItself },
      ...{ buildConnections, buildEventsPerSecond },
      connectionsMax: connections.projector,
    },
    worker: {
      ...background,
      kafka,
      eventStoreUrl,
      personalKeysUrl,
      chains,
      relayerPrivateKeys: config.relayerPrivateKeys,
      relayerMaxFeeGwei: config.relayerMaxFeeGwei,
      relayerMaxGas: config.relayerMaxGas,
      anchoring: config.anchoring,
      logSigning: config.logSigning,
      logWitnesses: config.logWitnesses,
      connectionsMax: connections.worker,
    },
    api: {
      logLevel,
      port: config.port,
      publicUrl: config.publicUrl,
      corsOrigins: config.corsOrigins,
      databaseUrl,
      kafka,
      databaseReadUrl: config.databaseReadUrl ?? databaseUrl,
      eventStoreUrl,
      personalKeysUrl,
      masterKeys,
      jwtSecret: config.jwtSecret,
      jwtOtherSecrets: config.jwtOtherSecrets,
      sessions: config.sessions,
      operatorAddresses: config.operatorAddresses,
      creatorsAppointed: config.creatorsAppointed,
      approvals: config.approvals,
      operatorsConfirm: config.operatorsConfirm,
      developmentAccounts: config.developmentAccounts,
      host: config.host,
      redisUrl: config.redisUrl,
      rateLimits: config.rateLimits,
      graphql: config.graphql,
      requestsInHandMax: config.requestsInHandMax,
      trustedProxies: config.trustedProxies,
      unused: config.unused,
      connectionsMax: connections.api,
      chains,
    },
  };
}
