export { SnapshotLoader, type SnapshotLoaderOptions } from './snapshot-loader.js';
export type { SnapshotStatistics } from './snapshot-statistics.js';
export { SNAPSHOTS_MIGRATIONS } from './postgres-snapshot-store.js';
export { MemorySnapshotStore, type Snapshot, type SnapshotStore } from './snapshot-store.js';
export { type LogWithSnapshots, type SnapshotOptions, withSnapshots } from './with-snapshots.js';
