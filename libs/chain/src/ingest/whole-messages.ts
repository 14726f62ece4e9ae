import type { Logger, LogMessage } from '@abland/kernel';
import { type FollowedContracts, followedAddresses, namedAddresses } from '../blocks/chain-block.js';
import { BlockParts } from '../follow/cut-messages.js';
import type { BlockMessage, WholeMessage } from '../follow/messages.js';
import { readMessage } from '../follow/read-message.js';
import { BlockPartsMissingError, MessageUnreadableError, UnknownContractsError } from './errors.js';
import { type IngestedChain, isNew } from './ingested-chain.js';
import type { UnreadMessage } from './message-events.js';

export interface WholeMessagesOptions {
  readonly chainId: number;
  readonly contracts: FollowedContracts;
  readonly startBlock: number;
  readonly logger: Logger;
}

/** More that cannot be read, one after the other, are not told one by one. */
const UNREAD_MAX = 100;

/** With what an operator does. */
function unknownContracts(
  unknown: readonly string[],
  ownAlone: readonly (readonly [name: string, address: string])[],
  details: Readonly<Record<string, unknown>>,
): UnknownContractsError {
  const others = ownAlone.map((told) => told.join(' ')).join(', ');
  const beside = others === '' ? '' : `, and not what this one is told of: ${others}`;
  return new UnknownContractsError(
    `The indexer follows contracts that this program is not told of: ${unknown.join(', ')}${beside}. Give this one the indexer’s addresses (TOKEN_FACTORY_ADDRESS and those beside it, or CHAINS_FILE) and start it again`,
    { ...details, unknown },
  );
}

/** What the log stream tells of a chain: its blocks put together again, and what cannot be read set aside. */
export class WholeMessages {
  readonly #followed: ReadonlySet<string>;
  readonly #parts = new BlockParts();
  /** Since the last that could be read. */
  #unread: UnreadMessage[] = [];

  constructor(private readonly options: WholeMessagesOptions) {
    this.#followed = new Set(followedAddresses(options.contracts));
  }

  /** Null for a part of a block, and for what cannot be read: what comes next shows whether the chain goes on without it. */
  read({ offset, value }: LogMessage): WholeMessage | null {
    const read = readMessage(value);
    if (read.kind === 'unreadable') {
      this.#setAside({ offset, value, code: read.code, reason: read.reason });
      return null;
    }
    if (read.message.kind !== 'part') return read.message;
    this.#parts.add(read.message);
    return null;
  }

  /**
   * A message with all its parts; null where it was ingested before.
   * @throws MessageUnreadableError where the chain does not go on without those that could not be read
   * @throws MessageOutOfOrderError, BlockPartsMissingError, UnknownContractsError
   */
  wholeIfNew(told: WholeMessage, chain: IngestedChain): WholeMessage | null {
    try {
      if (!isNew(chain, told, this.options.startBlock)) {
        this.#unread = [];
        return null;
      }
      this.#requireKnown(told);
      return told.kind === 'block' ? this.#whole(told) : told;
    } catch (error) {
      const [first] = this.#unread;
      if (first === undefined || error instanceof UnknownContractsError) throw error;
      throw new MessageUnreadableError(
        `The chain does not go on without message ${first.offset}, which cannot be read (${first.reason}): let this program be of the indexer's version, or empty the topic`,
        { chainId: this.options.chainId, offset: String(first.offset), code: first.code },
        error,
      );
    }
  }

  /** Those that could not be read, once. */
  takeUnread(): readonly UnreadMessage[] {
    const unread = this.#unread;
    this.#unread = [];
    return unread;
  }

  #setAside(unread: UnreadMessage): void {
    if (this.#unread.length < UNREAD_MAX) this.#unread.push(unread);
    const { chainId, logger } = this.options;
    const fields = { chainId, offset: String(unread.offset), code: unread.code, reason: unread.reason };
    logger.error(fields, 'A message of the log stream cannot be read');
  }

  #whole(message: BlockMessage): BlockMessage {
    const whole = this.#parts.complete(message);
    if (whole !== null) return whole;
    const { hash, number } = message.block;
    throw new BlockPartsMissingError(`Of the ${message.parts} parts of block ${number} some did not come`, {
      ...{ chainId: this.options.chainId, number, hash, parts: message.parts },
    });
  }

  #requireKnown(message: WholeMessage): void {
    if (message.kind !== 'block') return;
    const known = this.#followed;
    const unknown = [...message.block.followed, ...(message.block.earlierOf ?? [])].filter(
      (address) => !known.has(address),
    );
    if (unknown.length === 0) return;
    const { chainId, contracts } = this.options;
    const followed = new Set(message.block.followed);
    const ownAlone = Object.entries(namedAddresses(contracts)).filter(
      ([, address]) => !followed.has(address),
    );
    throw unknownContracts(unknown, ownAlone, { chainId, block: message.block.number });
  }
}
