import { AblandError } from '@abland/kernel';

/** What is stored of the tree contradicts itself: nothing is signed of it until it was built anew from the log. */
export class TreeDamagedError extends AblandError {
  readonly code = 'AUDIT_TREE_DAMAGED';
  override readonly failureClass = 'OURS';
}

/** The log does not say any more what was hashed of it: somebody changed it. */
export class LogRewrittenError extends AblandError {
  readonly code = 'LOG_REWRITTEN';
}

/** A checkpoint says nothing of what came after it. */
export class CheckpointTooOldError extends AblandError {
  readonly code = 'CHECKPOINT_TOO_OLD';
}

/** The log at hand has not come as far as a checkpoint yet: a copy that is behind, or a restored one. */
export class LogBehindError extends AblandError {
  readonly code = 'LOG_BEHIND_CHECKPOINT';
  override readonly failureClass = 'LATER';
}

/** The log was named otherwise when its tree was begun: to those who watch it, it would be another one. */
export class LogOriginChangedError extends AblandError {
  readonly code = 'LOG_ORIGIN_CHANGED';
}

/** Some of the entries tell what somebody is about to do on the chain: they are told once the chain has it. */
export class EntriesWithheldError extends AblandError {
  readonly code = 'ENTRIES_NOT_PUBLIC_YET';
  override readonly failureClass = 'LATER';
}
