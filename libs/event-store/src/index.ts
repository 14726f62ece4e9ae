export { openEventIndex } from './event-index.js';
export { EventStoreAccessError } from './eventstoredb/errors.js';
export { type LogImporter, runsOf } from './import/log-importer.js';
export { MemoryEventStore } from './memory/memory-event-store.js';
export {
  type EventStoreAt,
  eventStoreKind,
  openBareEventStore,
  UnknownEventStoreError,
} from './open-bare-event-store.js';
export { openLogImporter } from './open-log-importer.js';
export { postgresLogId } from './postgres/database-log-id.js';
export { EVENT_STORE_MIGRATIONS, migrateEventStore } from './postgres/migrate.js';
export {
  openPostgresEventStore,
  PostgresEventStore,
  type PostgresEventStoreOptions,
} from './postgres/postgres-event-store.js';
export { PostgresImporter } from './postgres/postgres-importer.js';
export type { EventIndex, StreamPlace } from './reading/stream-place.js';
