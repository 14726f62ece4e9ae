export type { AnchoringConfig } from './config/anchoring-config.js';
export { type ChainConfig, type ContractAddresses, type GovernanceAddresses } from './config/chain-shapes.js';
export { LISTENING_CONNECTIONS, LIVE_CONNECTIONS, PROJECTOR_POOL } from './config/connections.js';
export { chainsFileSchema } from './config/chains-file-format.js';
export { ConfigError } from './config/config-error.js';
export { type LogSigningConfig, logSigning as loadLogSigningConfig } from './config/log-signing-config.js';
export type { PersonalDataConfig } from './config/personal-data-config.js';
export {
  type ApiConfig,
  type IndexerConfig,
  loadApiConfig,
  loadIndexerConfig,
  loadProjectorConfig,
  loadWorkerConfig,
  type ProgramConfigs,
  type ProjectorConfig,
  type WorkerConfig,
} from './config/program-configs.js';
export {
  type ChainAloneConfig,
  type DataConfig,
  type DeploymentConfig,
  type KeysConfig,
  loadChainAloneConfig,
  loadDataConfig,
  loadDeploymentConfig,
  loadKeysConfig,
  loadMigrationConfig,
  loadSystemConfig,
  loadVisitorConfig,
  type MigrationConfig,
  type SystemConfig,
  type VisitorConfig,
} from './config/system-config.js';
export { givenText } from './config/secret-files.js';
export type { Environment } from './config/variables.js';
export { firstEnd } from './first-end.js';
export { livenessOf, VERSION } from './version.js';
export { type Health, type HealthServerOptions, startHealthServer } from './health-server.js';
export { listen } from './listen.js';
export { createLogger, type LoggerOptions } from './logging/logger.js';
export { describe, runProgram, StopAsked, whyStopped } from './program.js';
export { type StartOptions, startWhenPossible } from './start-when-possible.js';
export { EXIT_INTERRUPTED, onStopSignal } from './stop-signals.js';
export { type ProgramOfEnvironment, runByEnvironment } from './run-by-environment.js';
export { telling } from './telling.js';
export type { CounterName } from './metrics/metric-names.js';
export { addRuntimeMetrics } from './metrics/runtime-metrics.js';
export { addCounter, addGauge, type Sample, type ToldMetric } from './metrics/told-metrics.js';
