export { SnapshotLoader, type SnapshotLoaderOptions } from './snapshot-loader.js';
export type { SnapshotStatistics } from './snapshot-statistics.js';
export { MemorySnapshotStore, type Snapshot, type SnapshotStore } from './snapshot-store.js';
export { SnapshottedEventStore, withSnapshots } from './snapshotted-event-store.js';
