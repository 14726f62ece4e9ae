import type { OurState, Reconciled, ReconciledValues } from '@abland/domain';

/** The read models of one chain, as reconciliation sees them. */
export interface OurSide {
  /** Reads one state, after the newest block that all of them are at the end of; null where none can be read now. */
  newest<Result>(read: (state: OurState) => Promise<Result>): Promise<Result | null>;
  /** Of one thing after an earlier block, with that block's hash; null where that is not known any more. */
  after(
    of: Reconciled,
    block: number,
  ): Promise<{ readonly hash: string; readonly values: ReconciledValues | null } | null>;
}
