import { AblandError } from '@abland/kernel';

/** An event that does not fit what the log said before, or says what cannot be stored: parked, not a defect of ours. */
export class BadEventError extends AblandError {
  readonly code = 'BAD_EVENT';
}

/** Another process changed a projection's checkpoint (a rebuild was switched to, say): what is held in memory is stale. */
export class CheckpointMovedError extends AblandError {
  readonly code = 'CHECKPOINT_MOVED';
  override readonly failureClass = 'LATER';
}

/** The projection is being rebuilt by another process. */
export class RebuildInProgressError extends AblandError {
  readonly code = 'REBUILD_IN_PROGRESS';
  override readonly failureClass = 'LATER';
}

/** Another process dropped the tables that a rebuild was building. */
export class RebuildDiscardedError extends AblandError {
  readonly code = 'REBUILD_DISCARDED';
}

/** No projection of that name. */
export class UnknownProjectionError extends AblandError {
  readonly code = 'UNKNOWN_PROJECTION';
}
