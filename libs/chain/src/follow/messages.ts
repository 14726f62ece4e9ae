import type { Hash } from '@abland/domain';
import type { BlockLog, BlockReference, ChainBlock, EarlierBlock } from '../blocks/chain-block.js';

/** The chain has one more block. */
export type BlockMessage = {
  readonly kind: 'block';
  readonly block: ChainBlock;
  /** How many messages right before this one tell of its logs; absent for none. */
  readonly parts?: number;
};

/** Logs of a block that has too many for one message, and of earlier ones that it brings along. */
export type BlockPartMessage = {
  readonly kind: 'part';
  readonly number: number;
  readonly hash: Hash;
  /** Among the parts of the block, from 0. */
  readonly index: number;
  readonly logs: readonly BlockLog[];
  readonly earlier: readonly EarlierBlock[];
};

/** A reorg: these blocks, newest first, are no longer of the chain; `ancestor` is its newest one left. */
export type RevertedMessage = {
  readonly kind: 'reverted';
  readonly fromNumber: number;
  readonly toNumber: number;
  readonly hashes: readonly Hash[];
  readonly ancestor: BlockReference;
  /** An operator accepted the chain's new branch: blocks may be taken back that were final. */
  readonly isAccepted?: true;
};

/** Every block up to this one is final. */
export type FinalizedMessage = {
  readonly kind: 'finalized';
  readonly final: BlockReference;
  /** Number of the newest block that was published before; absent in messages of earlier versions. */
  readonly tip?: number;
};

/** What the indexer publishes on the log stream, in order. */
export type ChainMessage = BlockMessage | BlockPartMessage | RevertedMessage | FinalizedMessage;
/** Those that move the end of the chain. */
export type WholeMessage = Exclude<ChainMessage, BlockPartMessage>;

/** The topic of a chain's messages. */
export const chainTopic = (chainId: number): string => `chain-${chainId}`;
