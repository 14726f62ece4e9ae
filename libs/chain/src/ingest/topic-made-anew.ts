import type { EventStore } from '@abland/kernel';
import type { BlockReference } from '../blocks/chain-block.js';
import { cutReorg } from '../follow/accepted-reorg.js';
import { takingBack } from '../follow/chain-window.js';
import type { LinkedBlocks } from '../follow/linked-blocks.js';
import type { BlockMessage, RevertedMessage } from '../follow/messages.js';
import type { IngestedChain } from './ingested-chain.js';
import { restoreDownTo } from './restore.js';

export interface TopicMadeAnewOptions {
  readonly chainId: number;
  readonly eventStore: EventStore;
  /** As of the ingester. */
  readonly acceptedTip?: (() => Promise<string | null>) | undefined;
}

/** What the log has of a branch that the chain has left, and of which the topic does not tell that it was left. */
export interface LeftBranch {
  /** As it is to be told, newest blocks first. */
  readonly messages: readonly RevertedMessage[];
  /** The chain that these take back from. */
  readonly chain: IngestedChain;
  /** Whether blocks that came before in the topic are new by that. */
  readonly isBelowFinal: boolean;
}

/** Told before the contradiction: as far back as the log stream keeps messages. */
const TOLD_MAX = 10_000;

/**
 * A topic that does not have the message which was ingested last: it was made anew, or lost its end. It tells the chain as its indexer
 * found it since, and not that another branch was left which the log may have from the topic before. Until its first new block it is
 * held against the log.
 */
export class TopicMadeAnew {
  /** Blocks below the log's final one, by hash, oldest first. */
  readonly #told = new Set<string>();

  constructor(private readonly options: TopicMadeAnewOptions) {}

  /**
   * What is to be taken back before a block of the topic; null for nothing, and where that is nobody's to decide here: final blocks
   * are taken back by an operator's word alone.
   */
  async leftBefore({ block }: BlockMessage, chain: IngestedChain): Promise<LeftBranch | null> {
    const { blocks, finalized } = chain.window;
    const { hash, number, parentHash } = block;
    if (blocks.has(hash) || blocks.newest === null || blocks.newest.hash === parentHash) return null;
    const ancestor = blocks.withNumber(number - 1);
    if (ancestor?.hash === parentHash) return left(chain, ancestor, false);
    if (finalized === null || number > finalized.number) return null;
    if (number === finalized.number) return this.#leftByDecision();
    this.#told.add(hash);
    const [oldest] = this.#told;
    if (this.#told.size > TOLD_MAX && oldest !== undefined) this.#told.delete(oldest);
    return null;
  }

  async #leftByDecision(): Promise<LeftBranch | null> {
    const { acceptedTip, chainId, eventStore } = this.options;
    const tip = (await acceptedTip?.()) ?? null;
    if (tip === null || this.#told.size === 0) return null;
    const chain = await restoreDownTo(eventStore, chainId, this.#told);
    const ancestor = newestOf(chain.window.blocks, this.#told);
    if (ancestor === null) return null;
    const branch = left(chain, ancestor, true);
    return branch.messages.some(({ hashes }) => hashes.includes(tip)) ? branch : null;
  }
}

function left(chain: IngestedChain, ancestor: BlockReference, isBelowFinal: boolean): LeftBranch {
  const taken: BlockReference[] = [];
  for (const block of chain.window.blocks.newestFirst()) {
    if (block.number === ancestor.number) break;
    taken.push(block);
  }
  const messages = cutReorg(takingBack(taken, ancestor), [...chain.window.blocks]);
  return { messages, chain, isBelowFinal };
}

function newestOf(blocks: LinkedBlocks, hashes: ReadonlySet<string>): BlockReference | null {
  for (const block of blocks.newestFirst()) if (hashes.has(block.hash)) return block;
  return null;
}
