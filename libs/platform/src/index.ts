export {
  type ChainConfig,
  type Config,
  type ContractAddresses,
  eventStoreUrl,
  loadConfig,
  personalKeysUrl,
  requireChain,
  requireDatabase,
  type GovernanceAddresses,
} from './config.js';
export { ConfigError, PortInUseError } from './errors.js';
export { createLogger, type LoggerOptions } from './logger.js';
export { describe, runProgram } from './program.js';
export { type Health, type HealthServerOptions, startHealthServer } from './health-server.js';
export type { PersonalDataConfig } from './personal-data-config.js';
