export { PostgresError, type PostgresErrorCode } from './errors.js';
export { type PostgresOptions, type RunningPostgres, removePostgresData, startPostgres } from './cluster.js';
export { freePort } from './free-port.js';
export { childrenOf } from '../processes/children.js';
