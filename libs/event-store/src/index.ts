export { MemoryEventStore } from './memory/memory-event-store.js';
export { openBareEventStore, openEventStore } from './open-event-store.js';
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
export { type KeyStore, MemoryKeyStore } from './personal-data/key-store.js';
export { ERASED, PersonalDataCipher } from './personal-data/personal-data-cipher.js';
export { PersonalDataDamagedError, PersonalDataErasedError } from './personal-data/personal-data-errors.js';
export { PersonalDataEventStore, type PersonalFields } from './personal-data/personal-data-event-store.js';
export { migratePersonalData, PostgresKeyStore } from './personal-data/postgres-key-store.js';
export { PostgresSnapshotStore } from './snapshots/postgres-snapshot-store.js';
export { type LoadedAggregate, type SnapshotCodec, SnapshotLoader } from './snapshots/snapshot-loader.js';
export { MemorySnapshotStore, type Snapshot, type SnapshotStore } from './snapshots/snapshot-store.js';
export {
  copyLog,
  type CopyOptions,
  type CopyProgress,
  type CopyReport,
  LogCopyError,
} from './tools/copy-log.js';
export { EventChecksum } from './tools/event-checksum.js';
export {
  findEvent,
  type LogStatistics,
  measureLog,
  tailEvents,
  type TailOptions,
} from './tools/inspect-log.js';
