export { MemoryEventStore } from './memory/memory-event-store.js';
export {
  eventStoreKind,
  openBareEventStore,
  openEventStore,
  UnknownEventStoreError,
} from './open-event-store.js';
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
export { type KeyEraser, type KeyStore, MemoryKeyStore } from './personal-data/key-store.js';
export { openKeyEraser, type OpenKeys, openPersonalKeys } from './personal-data/open-personal-keys.js';
export { isSealed, PersonalDataCipher, type PlacedText } from './personal-data/personal-data-cipher.js';
export {
  MasterKeyUnknownError,
  PersonalDataDamagedError,
  PersonalDataErasedError,
  PersonalKeysUnavailableError,
} from './personal-data/personal-data-errors.js';
export { ERASED } from './personal-data/personal-data-event-store.js';
export type { PostgresKeyStore } from './personal-data/postgres-key-store.js';
export { SnapshotLoader, type SnapshotLoaderOptions } from './snapshots/snapshot-loader.js';
export type { SnapshotStatistics } from './snapshots/snapshot-statistics.js';
export { MemorySnapshotStore, type Snapshot, type SnapshotStore } from './snapshots/snapshot-store.js';
export { SnapshottedEventStore, withSnapshots } from './snapshots/snapshotted-event-store.js';
export { copyLog, type CopyOptions, type CopyReport, LogCopyError } from './tools/copy/copy-log.js';
export type { CopyProgress } from './tools/copy/copy-progress.js';
export { copyStore, LogCopyRefusedError, type StoreCopyOptions } from './tools/copy/copy-stores.js';
export { EventChecksum } from './tools/event-checksum.js';
export { type EventIndex, openEventIndex, type StreamPlace } from './tools/event-index.js';
export {
  type EventName,
  findEvent,
  type LogStatistics,
  measureLog,
  tailEvents,
  type TailOptions,
} from './tools/inspect-log.js';
