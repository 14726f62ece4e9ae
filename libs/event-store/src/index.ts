export { MemoryEventStore } from './memory/memory-event-store.js';
export { migrateEventStore } from './postgres/migrate.js';
export {
  openPostgresEventStore,
  PostgresEventStore,
  type PostgresEventStoreOptions,
} from './postgres/postgres-event-store.js';
export { CataloguedEventStore } from './schemas/catalogued-event-store.js';
export { validateEvent, type SchemaViolation } from './schemas/validate-event.js';
export { EventStoreAccessError } from './eventstoredb/eventstoredb-errors.js';
export { EventStoreDbEventStore, type EventStoreDbOptions } from './eventstoredb/eventstoredb-event-store.js';
