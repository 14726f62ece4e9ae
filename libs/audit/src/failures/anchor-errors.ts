import { AblandError } from '@abland/kernel';

/** A chain has an anchored tree of this log that is larger than ours: ours is being built anew, or our log was set back. */
export class AnchorAheadError extends AblandError {
  readonly code = 'ANCHOR_AHEAD';
  override readonly failureClass = 'LATER';
}

/** A chain has another root of as many events: our log was changed since, or it is another one of this name. */
export class AnchorContradictsError extends AblandError {
  readonly code = 'ANCHOR_CONTRADICTS';
}
