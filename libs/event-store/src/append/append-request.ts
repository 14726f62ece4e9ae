import type { AppendResult, ExpectedRevision, NewEvent } from '@abland/kernel';

/** One caller's append, as it was asked for. */
export interface AppendRequest {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expected: ExpectedRevision;
}

/** What becomes of an append once the state of its stream is known. */
export type AppendDecision =
  /** Events from `firstNew` on are stored, at the revisions that follow `base` (-1n: the stream begins). */
  | { readonly kind: 'store'; readonly firstNew: number; readonly base: bigint }
  | { readonly kind: 'stored-before'; readonly result: AppendResult }
  | { readonly kind: 'refused'; readonly error: Error };
