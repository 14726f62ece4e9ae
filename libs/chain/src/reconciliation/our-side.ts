import type { Reconciled, ReconciledKind, ReconciledValues } from '@abland/domain';
import type { BlockId } from '../asking/call-at-block.js';

/** What the read models have of one thing, and its place among its kind. */
export interface OurValues {
  readonly of: Reconciled;
  readonly key: readonly string[];
  /** Null where they have nothing of it. */
  readonly values: ReconciledValues | null;
}

/** The read models as they were after one block. */
export interface StateOfOurs {
  readonly block: BlockId;
  /** The next of a kind after a key, in the order of keys. */
  next(kind: ReconciledKind, after: readonly string[] | null, limit: number): Promise<readonly OurValues[]>;
  /** In the same order. */
  each(all: readonly Reconciled[]): Promise<readonly OurValues[]>;
}

/** The read models of one chain, as reconciliation sees them. */
export interface OurSide {
  /** Reads one state, after the newest block that all of them are at the end of; null where none can be read now. */
  newest<Result>(read: (state: StateOfOurs) => Promise<Result>): Promise<Result | null>;
  /** Of one thing after an earlier block, with that block's hash; null where that is not known any more. */
  after(
    of: Reconciled,
    block: number,
  ): Promise<{ readonly hash: string; readonly values: ReconciledValues | null } | null>;
}
