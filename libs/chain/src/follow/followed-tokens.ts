import type { HexData } from '@abland/domain';
import type { LogStream } from '@abland/kernel';
import { id } from 'ethers';
import type { BlockLog, ChainBlock } from '../blocks/chain-block.js';
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

/** What is published of tokens: the transfers of those of our factory alone. */
export interface TokensFollowed {
  readonly book: FollowBook;
  readonly tokenFactory: HexData;
  /** The tokens that the log tells of; asked once, where a chain was published before its tokens were kept. */
  readonly recorded: () => AsyncIterable<HexData>;
}

const TOKEN_CREATED = id('TokenCreated(address,address,string,string,uint256)');

/**
 * The tokens whose logs are published: from the block that creates them on, whatever its other logs. Each is in the book before its
 * first block is published, so that no later publisher lacks one.
 */
export class FollowedTokens implements EarlierTokens {
  readonly #factory: string;

  /** @param tokens by their address the factory that created them before it was followed; null for all others */
  private constructor(
    private readonly options: TokensFollowed,
    private readonly tokens: Map<HexData, HexData | null>,
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
  async only(messages: readonly ChainMessage[]): Promise<readonly ChainMessage[]> {
    const created: HexData[] = [];
    const left = messages.map((message): ChainMessage => {
      if (message.kind !== 'block') return message;
      if (message.block.followed.includes(this.#factory))
        created.push(...this.#learn(message.block.logs, null));
      return { ...message, block: this.#ofFollowed(message.block) };
    });
    if (created.length > 0) await this.options.book.add(created, null);
    return left;
  }

  async learnEarlier(logs: readonly BlockLog[], contracts: Missing): Promise<void> {
    if (!contracts.has(this.#factory)) return;
    const created = this.#learn(logs, this.#factory);
    if (created.length > 0) await this.options.book.add(created, this.#factory);
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
    const created: HexData[] = [];
    for (const { address, topics } of logs) {
      const [event, token] = topics;
      if (address !== this.#factory || event !== TOKEN_CREATED || token === undefined) continue;
      const found = `0x${token.slice(-40)}`;
      if (this.tokens.has(found)) continue;
      this.tokens.set(found, earlierOf);
      created.push(found);
    }
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
