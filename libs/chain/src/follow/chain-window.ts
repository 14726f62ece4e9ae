import type { BlockReference } from '../blocks/chain-block.js';
import { ReorgTooDeepError } from '../rpc/errors.js';
import type { RevertedMessage } from './messages.js';

/** The end of the chain as it was told so far: from the newest final block (where there is one) to the tip. */
export interface ChainWindow {
  /** Oldest first, linked. */
  readonly blocks: readonly BlockReference[];
  readonly finalized: BlockReference | null;
}

export const EMPTY_WINDOW: ChainWindow = { blocks: [], finalized: null };

export const tipOf = (window: ChainWindow): BlockReference | null => window.blocks.at(-1) ?? null;

/** What of a message moves the window. */
export type WindowStep =
  | { readonly kind: 'block'; readonly block: BlockReference }
  | { readonly kind: 'reverted'; readonly ancestor: { readonly number: number } }
  | { readonly kind: 'finalized'; readonly final: BlockReference };

/** The window after one more message. */
export function advanceWindow(window: ChainWindow, message: WindowStep): ChainWindow {
  switch (message.kind) {
    case 'block': {
      const { number, hash, time } = message.block;
      return { ...window, blocks: [...window.blocks, { number, hash, time }] };
    }
    case 'reverted':
      return { ...window, blocks: window.blocks.filter(({ number }) => number <= message.ancestor.number) };
    case 'finalized': {
      const { final } = message;
      return { finalized: final, blocks: window.blocks.filter(({ number }) => number >= final.number) };
    }
  }
}

/** What became final with the tip, by depth; null where nothing new did. */
export function newlyFinal(window: ChainWindow, depth: number): BlockReference | null {
  const tip = tipOf(window);
  if (tip === null) return null;
  const final = window.blocks.find(({ number }) => number === tip.number - depth) ?? null;
  if (final === null || (window.finalized !== null && final.number <= window.finalized.number)) return null;
  return final;
}

/**
 * Walks back from the tip to the newest block that the chain still has.
 * @throws ReorgTooDeepError where no block of the window is left
 */
export async function findReorg(
  window: ChainWindow,
  hashAt: (number: number) => Promise<string | null>,
): Promise<RevertedMessage | null> {
  const reverted: BlockReference[] = [];
  for (const block of window.blocks.toReversed()) {
    if ((await hashAt(block.number)) === block.hash) {
      const newest = reverted[0];
      const oldest = reverted.at(-1);
      if (newest === undefined || oldest === undefined) return null;
      return {
        kind: 'reverted',
        fromNumber: oldest.number,
        toNumber: newest.number,
        hashes: reverted.map(({ hash }) => hash),
        ancestor: block,
      };
    }
    reverted.push(block);
  }
  const oldest = window.blocks[0];
  throw new ReorgTooDeepError(
    `A reorg goes below block ${oldest?.number ?? 0}, which was ${window.finalized === null ? 'the first' : 'final'}`,
    {
      oldest: oldest?.number ?? null,
      hash: oldest?.hash ?? null,
      finalized: window.finalized?.number ?? null,
    },
  );
}
