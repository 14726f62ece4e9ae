import type { EventStore, LogStream, Offset } from '@abland/kernel';
import type { BlockReference } from '../blocks/chain-block.js';
import { cutReorg } from '../follow/accepted-reorg.js';
import { takingBack } from '../follow/chain-window.js';
import type { LinkedBlocks } from '../follow/linked-blocks.js';
import { type BlockMessage, chainTopic, type RevertedMessage } from '../follow/messages.js';
import { readMessage } from '../follow/read-message.js';
import { readUpTo } from '../follow/resume.js';
import type { IngestedChain } from './ingested-chain.js';
import { restoreDownTo } from './restore.js';

export interface TopicMadeAnewOptions {
  readonly chainId: number;
  readonly eventStore: EventStore;
  readonly logStream: LogStream;
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
  /** Blocks that the topic itself takes back later. */
  readonly #left = new Set<string>();

  private constructor(
    private readonly options: TopicMadeAnewOptions,
    private readonly end: ToldEnd,
  ) {}

  /** Reads the topic to its end: what it takes back itself counts for nothing. @param beat called now and then meanwhile */
  static async open(
    options: TopicMadeAnewOptions,
    chain: IngestedChain,
    beat: () => void,
  ): Promise<TopicMadeAnew> {
    return new TopicMadeAnew(options, await toldEnd(options, chain, beat));
  }

  /** Whether a message is of before what the log has as final, so that it says nothing new. */
  isPast(
    { ancestor, hashes, isAccepted }: RevertedMessage,
    { window: { finalized } }: IngestedChain,
  ): boolean {
    for (const hash of hashes) this.#told.delete(hash);
    return isAccepted !== true && finalized !== null && ancestor.number < finalized.number;
  }

  /**
   * What is to be taken back before a block of the topic; TAKEN_BACK for one that the topic itself takes back later; null for nothing,
   * and where that is nobody's to decide here: final blocks are taken back by an operator's word alone.
   */
  async leftBefore(
    { block }: BlockMessage,
    offset: Offset,
    chain: IngestedChain,
  ): Promise<LeftBranch | 'TAKEN_BACK' | null> {
    const { blocks, finalized } = chain.window;
    const { hash, number, parentHash } = block;
    if (blocks.has(hash) || blocks.newest === null || blocks.newest.hash === parentHash) return null;
    const isToldOfEnd = offset <= this.end.offset && number >= this.end.from && number <= this.end.to;
    if (this.#left.has(parentHash) || (isToldOfEnd && this.end.blocks.get(number) !== hash)) {
      remember(this.#left, hash);
      return 'TAKEN_BACK';
    }
    const ancestor = blocks.withNumber(number - 1);
    if (ancestor?.hash === parentHash) return left(chain, ancestor, false);
    if (finalized === null || number > finalized.number) return null;
    if (number === finalized.number) return this.#leftByDecision();
    remember(this.#told, hash);
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

function remember(hashes: Set<string>, hash: string): void {
  hashes.add(hash);
  const [oldest] = hashes;
  if (hashes.size > TOLD_MAX && oldest !== undefined) hashes.delete(oldest);
}

/** How the topic ends, among the blocks that the log may still take back. */
interface ToldEnd {
  /** Of its last message. */
  readonly offset: Offset;
  readonly from: number;
  readonly to: number;
  /** Hashes by number. */
  readonly blocks: ReadonlyMap<number, string>;
}

const BEAT_EVERY = 1_000;

async function toldEnd(
  { chainId, logStream }: TopicMadeAnewOptions,
  { window }: IngestedChain,
  beat: () => void,
): Promise<ToldEnd> {
  const from = window.finalized?.number ?? window.blocks.oldest?.number ?? 0;
  const to = window.blocks.newest?.number ?? -1;
  const blocks = new Map<number, string>();
  const last = await logStream.last(chainTopic(chainId));
  let read = 0;
  for await (const { value } of last === null
    ? []
    : readUpTo(logStream, chainTopic(chainId), null, last.offset)) {
    if (++read % BEAT_EVERY === 0) beat();
    const told = readMessage(value);
    if (told.kind !== 'read') continue;
    const { message } = told;
    if (message.kind === 'block' && message.block.number >= from && message.block.number <= to)
      blocks.set(message.block.number, message.block.hash);
    if (message.kind !== 'reverted') continue;
    for (const number of [...blocks.keys()]) if (number > message.ancestor.number) blocks.delete(number);
  }
  return { offset: last?.offset ?? -1n, from, to, blocks };
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
