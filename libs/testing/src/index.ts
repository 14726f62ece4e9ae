export { eventually, until } from './eventually.js';
export { untilOneWaits } from './waiting-for-locks.js';
export { freePort } from './free-port.js';
export { createPreparedDatabase, createTestDatabase, type TestDatabase } from './test-database.js';
export { ProgramProcess, type ProgramStatus } from './program-process.js';
export { Gate } from './gate.js';
export { TransactionPooler } from './transaction-pooler.js';
export { hasPgBouncer, PgBouncer } from './pgbouncer.js';
export { startTestPostgres, stopTestPostgres } from './test-server.js';
