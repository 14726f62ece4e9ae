import type { BlocksReverted } from '@abland/domain';
import {
  type ChainReference,
  invariant,
  type Position,
  type RecordedEvent,
  type Revision,
} from '@abland/kernel';

/** Where a change stands in the stream of its chain: the same in every copy of the log. */
export interface ChangePlace {
  readonly revision: Revision;
  readonly eventId: string;
  readonly position: Position;
}

/** What the log says of a chain at once: a whole block, or that blocks are no longer of the chain. */
export interface ChainChange {
  readonly chainId: number;
  /** Of the event that closes it. */
  readonly place: ChangePlace;
  /** The block itself; where blocks were taken back, the newest one that is left. Time in seconds since the epoch. */
  readonly block: { readonly number: number; readonly hash: string; readonly time: number };
  /** Those of the block in order; or all that were taken back, each once. */
  readonly facts: readonly RecordedEvent[];
  /** Null for a block. */
  readonly reverted: BlocksReverted['data'] | null;
}

/** Where on the chain a fact is. */
export function chainReferenceOf({ metadata, type }: RecordedEvent): ChainReference {
  invariant(metadata.chain !== undefined, 'A fact of a chain names its block', { type });
  return metadata.chain;
}
