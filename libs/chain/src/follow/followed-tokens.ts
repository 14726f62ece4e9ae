import type { HexData } from '@abland/domain';
import type { LogStream } from '@abland/kernel';
import { BloomFilter } from '../blocks/bloom.js';
import type { BlockLog, ChainBlock } from '../blocks/chain-block.js';
import { createdTokens } from '../blocks/created-tokens.js';
import { InconsistentBlockError } from '../rpc/errors.js';
import type { EarlierTokens, Missing } from './earlier-reading.js';
import { chainTopic, type ChainMessage } from './messages.js';
import { readMessage } from './read-message.js';
import { readUpTo } from './resume.js';

/** A token, and its factory where that created it before it was followed itself; else null. */
export interface KeptToken {
  readonly token: HexData;
  readonly earlierOf: HexData | null;
}

/** Where the tokens of a chain are kept for its next publisher. All in lower case; more than there are does no harm. */
export interface FollowBook {
  /** Null where nothing was begun for the chain. */
  tokens(): Promise<readonly KeptToken[] | null>;
  /** From now on these, and those that are added, are all tokens of the chain as far as it was published. */
  begin(tokens: readonly HexData[]): Promise<void>;
  /** Those that are there already stay as they are. */
  add(tokens: readonly HexData[], earlierOf: HexData | null): Promise<void>;
}

/** A block with all of its logs. */
type ReadWhole = (number: number) => Promise<readonly ChainBlock[]>;

/** What is published of tokens: the transfers of those of our factory alone. */
export interface TokensFollowed {
  readonly book: FollowBook;
  readonly tokenFactory: HexData;
  /** The tokens that the log tells of; asked once, where a chain was published before its tokens were kept. */
  readonly recorded: () => AsyncIterable<HexData>;
}

/**
 * The tokens whose logs are published: from the block that creates them on, whatever its other logs. Each is in the book before its
 * first block is published, so that no later publisher lacks one.
 */
export class FollowedTokens implements EarlierTokens {
  readonly #factory: string;

  /** @param tokens by their address the factory that created them before it was followed; null for all others */
  private constructor(
    private readonly options: TokensFollowed,
    readonly tokens: Map<HexData, HexData | null>,
  ) {
    this.#factory = options.tokenFactory.toLowerCase();
  }

  /** Reads the book; begins it where there is none, with all that log and log stream tell. */
  static async open(options: TokensFollowed, logStream: LogStream, chainId: number): Promise<FollowedTokens> {
    const kept = await options.book.tokens();
    const tokens = (kept ?? []).map(({ earlierOf, token }) => [token, earlierOf] as const);
    const followed = new FollowedTokens(options, new Map(tokens));
    if (kept === null) await followed.#begin(logStream, chainTopic(chainId));
    return followed;
  }

  /** Messages without the logs of tokens that are not followed. Contracts are followed as each block says, whatever they are. */
  async only(messages: readonly ChainMessage[], readWhole: ReadWhole): Promise<readonly ChainMessage[]> {
    const created: HexData[] = [];
    const left: ChainMessage[] = [];
    for (const message of messages) {
      if (message.kind !== 'block') {
        left.push(message);
        continue;
      }
      const block = await this.#complete(message.block, readWhole);
      if (block.followed.includes(this.#factory)) created.push(...this.#learn(block.logs, null));
      left.push({ ...message, block: this.#ofFollowed(block) });
    }
    if (created.length > 0) await this.options.book.add(created, null);
    return left;
  }

  /** A block that was not read whole may have logs of tokens that were created since. @throws InconsistentBlockError */
  async #complete({ unread, ...block }: ChainBlock, readWhole: ReadWhole): Promise<ChainBlock> {
    if (unread === undefined || unread.tokensKnown === this.tokens.size) return block;
    const since = [...this.tokens.keys()].slice(unread.tokensKnown);
    if (!new BloomFilter(unread.bloom).mayHaveAny(since)) return block;
    const [whole] = await readWhole(block.number);
    if (whole?.hash === block.hash) return { ...block, logs: whole.logs, proof: whole.proof };
    throw new InconsistentBlockError(`There is another block in the place of ${block.hash}`, {
      ...{ number: block.number, hash: block.hash, found: whole?.hash ?? null },
    });
  }

  async learnEarlier(logs: readonly BlockLog[], contracts: Missing): Promise<void> {
    if (!contracts.has(this.#factory)) return;
    const created = this.#learn(logs, this.#factory);
    if (created.length > 0) await this.options.book.add(created, this.#factory);
  }

  /** Whether the log that created it was published by now, so that facts tell what it is. */
  isTold(token: HexData): boolean {
    return this.tokens.get(token) === null;
  }

  isEarlier(token: HexData): boolean {
    return this.tokens.get(token) === this.#factory;
  }

  /** Tokens of a factory that is not followed yet are brought along with it. */
  #ofFollowed(block: ChainBlock): ChainBlock {
    const { followed } = block;
    const isFactoryFollowed = followed.includes(this.#factory);
    const isFollowed = (address: HexData): boolean =>
      followed.includes(address) ||
      (this.tokens.has(address) && (isFactoryFollowed || !this.isEarlier(address)));
    const logs = block.logs.filter(({ address }) => isFollowed(address));
    return logs.length === block.logs.length ? block : { ...block, logs };
  }

  /** Those among them that are new. A token's mint comes before the log that creates it: a block is looked through first. */
  #learn(logs: readonly BlockLog[], earlierOf: HexData | null): readonly HexData[] {
    const created = createdTokens(logs, this.#factory).filter((token) => !this.tokens.has(token));
    for (const token of created) this.tokens.set(token, earlierOf);
    return created;
  }

  /** The log is read last: what the log stream has let go of meanwhile is there. */
  async #begin(logStream: LogStream, topic: string): Promise<void> {
    const last = await logStream.last(topic);
    if (last !== null) {
      for await (const { value } of readUpTo(logStream, topic, null, last.offset)) {
        const read = readMessage(value);
        if (read.kind === 'read') this.#learn(logsOf(read.message), null);
      }
      for await (const token of this.options.recorded()) this.tokens.set(token, null);
    }
    await this.options.book.begin([...this.tokens.keys()]);
  }
}

function logsOf(message: ChainMessage): readonly BlockLog[] {
  if (message.kind !== 'block' && message.kind !== 'part') return [];
  const { earlier = [], logs } = message.kind === 'block' ? message.block : message;
  return [...earlier.flatMap((one) => one.logs), ...logs];
}
