import type { ChainMessage } from './messages.js';

/**
 * The newest block of a chain after a message of its topic. An earlier version's message of finality does not say which block it
 * follows: the one that lies that deep above the final one.
 */
export function newestBlockAfter(message: ChainMessage, finalityDepth: number): number {
  switch (message.kind) {
    case 'block':
      return message.block.number;
    case 'part': // of the block that comes next
      return message.number - 1;
    case 'finalized':
      return message.tip ?? message.final.number + finalityDepth;
    case 'reverted':
      return message.ancestor.number;
  }
}
