export { openApi } from './server/open-api.js';
export type { HealthCheck, HealthChecks } from './health/readiness.js';
export { publishedBlockReader } from './server/published-block.js';
export { startApi, type RunningApi } from './server/start-api.js';
export type { ApiSettings, ApiDependencies } from './server/dependencies.js';
export { API_MIGRATIONS, migrateApi } from './migrations/migrate.js';
export { printApiSchema } from './server/print-schema.js';
export { apiErrorCodes, type ApiErrorCode } from './errors/codes.js';
export type { ServedChain } from './served-chains/served-chain.js';
