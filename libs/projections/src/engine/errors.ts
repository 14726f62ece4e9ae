import { AblandError, type Position } from '@abland/kernel';

/** An event that does not fit what the log said before, or says what cannot be stored: parked, not a defect of ours. */
export class BadEventError extends AblandError {
  readonly code = 'BAD_EVENT';
}

/** An event after which an amount would be below zero. */
export class AmountBelowZeroError extends BadEventError {}

/** Another process changed a build (promoted it, paused it): what is held in memory is stale. */
export class CheckpointMovedError extends AblandError {
  readonly code = 'CHECKPOINT_MOVED';
  override readonly failureClass = 'LATER';
}

/** The projection is being rebuilt by another process. */
export class RebuildInProgressError extends AblandError {
  readonly code = 'REBUILD_IN_PROGRESS';
  override readonly failureClass = 'LATER';
}

/**
 * The log takes back blocks whose undo images were let go because they were final. Tables that forget them begin anew, and keep
 * the images up to there once they know of it.
 */
export class FinalBlocksRevertedError extends AblandError {
  readonly code = 'FINAL_BLOCKS_REVERTED';
  override readonly failureClass = 'LATER';
  constructor(
    readonly revert: { readonly chainId: number; readonly position: Position; readonly fromNumber: number },
  ) {
    const { chainId, fromNumber } = revert;
    super(`Blocks of chain ${chainId} from ${fromNumber} on were final and are taken back`, {
      chainId,
      fromNumber,
    });
  }
}

/** What is live is of another version of this program; this one's is still being built, or another was chosen. */
export class ReadModelNotYetError extends AblandError {
  readonly code = 'READ_MODEL_NOT_YET';
  override readonly failureClass = 'LATER';
  constructor(projections: readonly string[]) {
    super(
      `What is shown of ${projections.join(', ')} is of another version: this version's is not live yet`,
      {
        projections,
      },
    );
  }
}

/** Another process dropped the tables that a rebuild was building. */
export class RebuildDiscardedError extends AblandError {
  readonly code = 'REBUILD_DISCARDED';
}

/** No projection of that name. */
export class UnknownProjectionError extends AblandError {
  readonly code = 'UNKNOWN_PROJECTION';
}
