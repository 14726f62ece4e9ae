import type { SeenElsewhere } from '@abland/domain';
import { AblandError } from '@abland/kernel';

/** Fewer providers than must have the same block. */
export class QuorumMissingError extends AblandError {
  readonly code = 'CHAIN_QUORUM_MISSING';
  override readonly failureClass = 'LATER';
}

/** Blocks that were final are no longer of the chain: an operator decides, nothing was published or lost. */
export class ReorgTooDeepError extends AblandError {
  readonly code = 'REORG_TOO_DEEP';
  override get awaitsDecision(): boolean {
    return true;
  }
  constructor(
    message: string,
    details: Readonly<Record<string, unknown>>,
    readonly seen: SeenElsewhere | null = null,
  ) {
    super(message, details);
  }
}

/**
 * The newest block that the provider tells lies below what we know of the chain, for longer than a node may lag: it was
 * restored, does not catch up, or serves another chain. What we know is kept, and nothing is sent to it.
 */
export class ChainBehindError extends AblandError {
  readonly code = 'CHAIN_BEHIND';
  override readonly failureClass = 'ANOTHER';
  override get awaitsDecision(): boolean {
    return true;
  }
  constructor(
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    readonly seen: SeenElsewhere | null = null,
  ) {
    super(message, details);
  }
}
