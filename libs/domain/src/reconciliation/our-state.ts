import type { ReconciledValues } from './compare.js';
import type { Reconciled, ReconciledKind } from './events.js';

/** What the read models have of one thing, and its place among its kind. */
export interface OurValues {
  readonly of: Reconciled;
  readonly key: readonly string[];
  /** Null where they have nothing of it. */
  readonly values: ReconciledValues | null;
}

/** The read models of a chain as they were after one block. */
export interface OurState<Values extends OurValues = OurValues> {
  readonly block: { readonly number: number; readonly hash: string };
  /** The next of a kind after a key, in the order of keys. */
  next(kind: ReconciledKind, after: readonly string[] | null, limit: number): Promise<readonly Values[]>;
  /** In the same order. */
  each(all: readonly Reconciled[]): Promise<readonly Values[]>;
}
