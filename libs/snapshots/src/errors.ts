import { AblandError } from '@abland/kernel';

/** A stored snapshot is not what was saved. Nobody meets this error: the log is folded instead. */
export class SnapshotDamagedError extends AblandError {
  readonly code = 'SNAPSHOT_DAMAGED';
}
