import type { Hash } from '@abland/domain';
import type { BlockReference, ChainBlock } from '../blocks/chain-block.js';

/** The chain has one more block. */
export type BlockMessage = { readonly kind: 'block'; readonly block: ChainBlock };

/** A reorg: these blocks, newest first, are no longer of the chain; `ancestor` is its newest one left. */
export type RevertedMessage = {
  readonly kind: 'reverted';
  readonly fromNumber: number;
  readonly toNumber: number;
  readonly hashes: readonly Hash[];
  readonly ancestor: BlockReference;
};

/** Every block up to this one is final. */
export type FinalizedMessage = { readonly kind: 'finalized'; readonly final: BlockReference };

/** What the indexer publishes on the log stream, in order. */
export type ChainMessage = BlockMessage | RevertedMessage | FinalizedMessage;

/** The topic of a chain's messages. */
export const chainTopic = (chainId: number): string => `chain-${chainId}`;
