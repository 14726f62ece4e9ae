export { SnapshotLoader, type SnapshotLoaderOptions } from './snapshot-loader.js';
export type { SnapshotStatistics } from './snapshot-statistics.js';
export { MemorySnapshotStore, type Snapshot, type SnapshotStore } from './snapshot-store.js';
export { type LogWithSnapshots, type SnapshotOptions, withSnapshots } from './with-snapshots.js';
