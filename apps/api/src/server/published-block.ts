import { type ChainMessage, chainTopic } from '@abland/chain';
import type { LogStream } from '@abland/kernel';

export interface PublishedChain {
  readonly chainId: number;
  /** Blocks on top of a block until it is final. */
  readonly finalityDepth: number;
}

/** How long an answer is good: `_meta` is asked often, and blocks come one after the other. */
const FRESH_MS = 100;

/** Tells the newest block that the indexer put into the log stream; null while there is none. */
export function publishedBlockReader(
  logStream: LogStream,
  chain: PublishedChain,
): () => Promise<number | null> {
  let known: { readonly at: number; readonly number: Promise<number | null> } | null = null;
  return () => {
    if (known === null || performance.now() - known.at > FRESH_MS) {
      known = { at: performance.now(), number: newestBlock(logStream, chain) };
    }
    return known.number;
  };
}

async function newestBlock(logStream: LogStream, { chainId, finalityDepth }: PublishedChain) {
  const last = await logStream.last(chainTopic(chainId));
  // Only the indexer writes this topic, and what it writes is typed.
  return last === null ? null : blockNumberOf(last.value as unknown as ChainMessage, finalityDepth);
}

/** A message of finality follows the block that made another one final, which lies that deep below it. */
function blockNumberOf(message: ChainMessage, finalityDepth: number): number {
  switch (message.kind) {
    case 'block':
      return message.block.number;
    case 'finalized':
      return message.final.number + finalityDepth;
    case 'reverted':
      return message.ancestor.number;
  }
}
