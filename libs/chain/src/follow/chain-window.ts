import type { SeenElsewhere } from '@abland/domain';
import type { BlockReference } from '../blocks/chain-block.js';
import { ReorgTooDeepError } from '../blocks/errors.js';
import { InconsistentBlockError } from '../rpc/errors.js';
import { LinkedBlocks } from './linked-blocks.js';
import type { RevertedMessage } from './messages.js';

/** The end of the chain as it was told so far: from the newest final block (where there is one) to the tip. */
export interface ChainWindow {
  readonly blocks: LinkedBlocks;
  readonly finalized: BlockReference | null;
}

export const EMPTY_WINDOW: ChainWindow = { blocks: LinkedBlocks.NONE, finalized: null };

export const tipOf = (window: ChainWindow): BlockReference | null => window.blocks.newest;

/** What of a message moves the window. */
export type WindowStep =
  | { readonly kind: 'block'; readonly block: BlockReference }
  | { readonly kind: 'reverted'; readonly ancestor: BlockReference }
  | { readonly kind: 'finalized'; readonly final: BlockReference }
  | { readonly kind: 'part' };

/** The window after one more message. */
export function advanceWindow(window: ChainWindow, message: WindowStep): ChainWindow {
  switch (message.kind) {
    case 'block': {
      const { number, hash, time } = message.block;
      return { ...window, blocks: window.blocks.followedBy({ number, hash, time }) };
    }
    case 'part':
      return window;
    case 'reverted':
      return afterRevert(window, message.ancestor);
    case 'finalized': {
      const { final } = message;
      return { finalized: final, blocks: window.blocks.from(final.number) };
    }
  }
}

/** Where final blocks were taken back, the ancestor is the newest final one. */
function afterRevert({ blocks, finalized }: ChainWindow, ancestor: BlockReference): ChainWindow {
  const left = blocks.upTo(ancestor.number);
  const isBelowFinal = finalized !== null && ancestor.number < finalized.number;
  return {
    blocks: left.length === 0 ? LinkedBlocks.of([ancestor]) : left,
    finalized: isBelowFinal ? ancestor : finalized,
  };
}

/** By what a block is final. */
export interface FinalityNow {
  /** Blocks on top of it; where the chain itself tells what is final, only while that is ahead of the window. */
  readonly depth: number;
  /** The newest block that the chain itself calls final, null where it calls none so; absent: depth alone counts. */
  readonly told?: Pick<BlockReference, 'number' | 'hash'> | null;
}

/** What became final with the tip; null where nothing new did. What the chain tells is believed of a block of ours alone. */
export function newlyFinal(window: ChainWindow, { depth, told }: FinalityNow): BlockReference | null {
  const tip = tipOf(window);
  if (tip === null || told === null) return null;
  const isTold = told !== undefined && told.number <= tip.number;
  const number = isTold ? told.number : tip.number - depth;
  const final = window.blocks.withNumber(number);
  if (final === null || (window.finalized !== null && final.number <= window.finalized.number)) return null;
  return isTold && told.hash !== final.hash ? null : final;
}

/** What is asked of a block of the chain to find where ours and its branch part. */
export interface LinkedHeader {
  readonly hash: string;
  readonly parentHash: string;
  /** Who told it, by its URL without what may be a key. */
  readonly provider: string;
}

/**
 * Walks back from the tip to the newest block that the chain still has. A block of ours is taken back only where another is
 * seen in its place, linked down to one that we have; null where none is: a provider whose head lags is no reorg, unless an
 * operator says so.
 * @throws ReorgTooDeepError where no block of the window is left: it tells our oldest one, and the block found in its place
 * @throws InconsistentBlockError where what is seen is not linked, or not there below the head that was told
 */
export async function findReorg(
  window: ChainWindow,
  headNumber: number,
  headerAt: (number: number) => Promise<LinkedHeader | null>,
  believed: 'REPLACED' | 'ALSO_WHAT_IS_MISSING' = 'REPLACED',
): Promise<RevertedMessage | null> {
  const reverted: BlockReference[] = [];
  let above: LinkedHeader | null = null;
  for (const block of window.blocks.newestFirst()) {
    if (block.number > headNumber) {
      reverted.push(block);
      continue;
    }
    const found: LinkedHeader = await seenAt(block.number, above, headerAt);
    if (found.hash === block.hash) {
      const isBelieved = above !== null || (believed === 'ALSO_WHAT_IS_MISSING' && reverted.length > 0);
      return isBelieved ? takingBack(reverted, block) : null;
    }
    reverted.push(block);
    above = found;
  }
  const { oldest } = window.blocks;
  throw new ReorgTooDeepError(
    `A reorg goes below block ${oldest?.number ?? 0}, which was ${window.finalized === null ? 'the first' : 'final'}`,
    {
      oldest: oldest?.number ?? null,
      hash: oldest?.hash ?? null,
      found: above?.hash ?? null,
      finalized: window.finalized?.number ?? null,
    },
    oldest === null || above === null ? null : seenInPlaceOf(oldest, above),
  );
}

const seenInPlaceOf = ({ number }: BlockReference, { hash, provider }: LinkedHeader): SeenElsewhere => ({
  provider,
  block: { number, hash },
});

async function seenAt(
  number: number,
  above: LinkedHeader | null,
  headerAt: (number: number) => Promise<LinkedHeader | null>,
): Promise<LinkedHeader> {
  const found = await headerAt(number);
  if (found === null)
    throw new InconsistentBlockError(`There is no block ${number} below the head that was told`, { number });
  if (above !== null && above.parentHash !== found.hash) {
    const details = { number, hash: found.hash, parentHash: above.parentHash };
    throw new InconsistentBlockError(`The block after ${number} does not follow ${found.hash}`, details);
  }
  return found;
}

/** @param reverted newest first, down to the one after the ancestor */
export function takingBack(reverted: readonly BlockReference[], ancestor: BlockReference): RevertedMessage {
  return {
    kind: 'reverted',
    fromNumber: reverted.at(-1)?.number ?? ancestor.number,
    toNumber: reverted[0]?.number ?? ancestor.number,
    hashes: reverted.map(({ hash }) => hash),
    ancestor,
  };
}
