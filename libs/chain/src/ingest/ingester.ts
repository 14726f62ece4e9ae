import { chainStream } from '@abland/domain';
import {
  type EventStore,
  type Logger,
  type LogMessage,
  type LogStream,
  type NewEvent,
  oneAhead,
  type PartRun,
  type PartStatus,
  type Revision,
  type Running,
  Slices,
  supervise,
} from '@abland/kernel';
import { followedAddresses, type BlockReference, type FollowedContracts } from '../blocks/chain-block.js';
import { LogDecoder } from '../decode/decode-log.js';
import { tipOf } from '../follow/chain-window.js';
import { BlockParts } from '../follow/cut-messages.js';
import { type BlockMessage, chainTopic, type WholeMessage } from '../follow/messages.js';
import { readMessage } from '../follow/read-message.js';
import { APPEND_LIMITS, AppendBatch, type AppendLimits } from './append-batch.js';
import {
  BlockPartsMissingError,
  MessageUnreadableError,
  PartialBlockError,
  UnknownContractsError,
} from './errors.js';
import { afterMessage, isNew, NOTHING_INGESTED, type IngestedChain } from './ingested-chain.js';
import { KnownTokens } from './known-tokens.js';
import {
  type EventContext,
  eventsOf,
  type ParkedLog,
  parkedMessageEvents,
  type UnreadMessage,
} from './message-events.js';
import { placeInStream } from './place-in-stream.js';
import { restoreChain, restoreDownTo } from './restore.js';
import { Storing } from './storing.js';

export interface IngesterOptions {
  readonly chainId: number;
  readonly contracts: FollowedContracts;
  /** The first block that the chain is followed from: an empty log begins with it, and with no other. */
  readonly startBlock: number;
  readonly eventStore: EventStore;
  readonly logStream: LogStream;
  readonly logger: Logger;
  readonly appendLimits?: AppendLimits;
  /** Ingested messages that stay on the log stream, for the indexer to resume from. */
  readonly keepMessages?: number;
}

/** How far it is. */
interface IngestionStatus {
  readonly ingested: BlockReference | null;
  readonly finalized: BlockReference | null;
  /** Appended since the start. */
  readonly factsAppended: number;
  /** Logs that became no fact, since the start. */
  readonly parkedLogs: number;
}

export interface IngesterStatus extends PartStatus, IngestionStatus {}

export interface Ingester extends Running {
  status(): IngesterStatus;
}

/** The reading of the log stream, and the storing of what comes. */
const LOOP = 'log-stream';
const PAUSE_MS = { min: 50, max: 5_000 };
const KEEP_MESSAGES = 10_000;
const TRIM_EVERY = 1_000n;
/** More that cannot be read, one after the other, are not told one by one. */
const UNREAD_MAX = 100;

/**
 * Moves a chain's messages from the log stream to the log, each fact once; one ingester a chain at a time. Whatever it fails of
 * it tells, appends nothing, and tries again: what needs a person after a long pause.
 */
export function startIngester(options: IngesterOptions): Ingester {
  const ingestion = new Ingestion(options);
  const supervised = supervise(
    { name: `ingester-${options.chainId}`, loops: [LOOP], run: (run) => ingestion.run(run) },
    { logger: options.logger, pauseMs: PAUSE_MS },
  );
  return { ...supervised, status: () => ({ ...supervised.status(), ...ingestion.status() }) };
}

class Ingestion {
  readonly #decoder: LogDecoder;
  readonly #followed: ReadonlySet<string>;
  readonly #tokens = new KnownTokens();
  readonly #slices = new Slices();
  readonly #parts = new BlockParts();
  #chain: IngestedChain = NOTHING_INGESTED;
  #trimmed = 0n;
  #facts = 0;
  #parked = 0;
  /** Messages that could not be read, since the last that could. */
  #unread: UnreadMessage[] = [];

  constructor(private readonly options: IngesterOptions) {
    const { contracts } = options;
    this.#decoder = new LogDecoder(contracts);
    this.#followed = new Set(followedAddresses(contracts));
  }

  /**
   * Returns after an abort. At its start the stream's end is read: another writer may have come, or an append of ours whose
   * answer was lost.
   */
  async run({ beat, progress, signal }: PartRun): Promise<void> {
    const { chainId, logStream } = this.options;
    await this.#restore();
    const { offset } = this.#chain;
    const newest = await logStream.last(chainTopic(chainId));
    if (offset === (newest?.offset ?? null)) progress(); // all that there is was ingested
    const after = offset === null ? {} : { after: offset };
    let inHand = false;
    // What is looked for ahead says nothing of what is in hand.
    const onLook = (): void => void (inHand || beat(LOOP));
    const read = (reading: AbortSignal): AsyncIterable<readonly LogMessage[]> =>
      logStream.consume(chainTopic(chainId), { ...after, onLook, signal: reading });
    const achieved = (): void => {
      beat(LOOP);
      progress();
    };
    for await (const batch of oneAhead(read, signal)) {
      inHand = true;
      await this.#ingest(batch, achieved, signal);
      inHand = false;
      achieved();
    }
  }

  status(): IngestionStatus {
    return {
      ingested: tipOf(this.#chain.window),
      finalized: this.#chain.window.finalized,
      factsAppended: this.#facts,
      parkedLogs: this.#parked,
    };
  }

  async #restore(): Promise<void> {
    const { eventStore, chainId, logStream, logger, startBlock } = this.options;
    this.#unread = [];
    const chain = await restoreChain(eventStore, chainId);
    await this.#tokens.restore(eventStore, chainId, chain.revision);
    const offset = await placeInStream(logStream, chainTopic(chainId), chain, startBlock);
    this.#chain = { ...chain, offset };
    if (offset === chain.offset) return;
    const fields = { chainId, offset: String(chain.offset) };
    logger.warn(
      fields,
      'The log stream has not the message that was ingested last; reading it from its start',
    );
  }

  async #ingest(batch: readonly LogMessage[], progress: () => void, signal: AbortSignal): Promise<void> {
    const storing = new Storing(this.#chain.revision, async (events, expected) => {
      const revision = await this.#append(events, expected);
      progress();
      return revision;
    });
    const chain = await this.#store(batch, storing, signal).finally(() => storing.end());
    if (chain === null) return; // what was appended is found again
    const revision = await storing.end();
    if (revision !== null) this.#tokens.recorded(revision);
    this.#chain = { ...chain, offset: batch.at(-1)?.offset ?? chain.offset };
    await this.#trim();
  }

  /** The chain after the messages; null where the signal came first. */
  async #store(
    batch: readonly LogMessage[],
    storing: Storing,
    signal: AbortSignal,
  ): Promise<IngestedChain | null> {
    const appends = new AppendBatch(this.options.appendLimits ?? APPEND_LIMITS, this.#slices);
    let chain = this.#chain;
    for (const { offset, value } of batch) {
      if (signal.aborted) return null;
      const read = readMessage(value);
      if (read.kind === 'unreadable') {
        this.#setAside({ offset, value, code: read.code, reason: read.reason });
        continue;
      }
      const told = read.message;
      if (told.kind === 'part') {
        this.#parts.add(told);
        continue;
      }
      if (told.kind === 'reverted' && told.isAccepted === true && !hasBlock(chain, told.ancestor.hash)) {
        await storing.add(appends.end());
        await storing.end();
        const { chainId, eventStore } = this.options;
        chain = { ...(await restoreDownTo(eventStore, chainId, told.ancestor.hash)), offset: chain.offset };
      }
      const message = this.#wholeIfNew(told, chain);
      if (message === null) continue;
      const events = await this.#eventsOf(message, offset, chain);
      chain = afterMessage(chain, message, offset, (chain.revision ?? -1n) + BigInt(events.length));
      await storing.add(await appends.add(events));
    }
    await storing.add(appends.end());
    return chain;
  }

  /**
   * Null where it was ingested before.
   * @throws MessageUnreadableError where it does not go on without those that could not be read
   */
  #wholeIfNew(told: WholeMessage, chain: IngestedChain): WholeMessage | null {
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

  /** What comes next shows whether the chain goes on without it. */
  #setAside(unread: UnreadMessage): void {
    if (this.#unread.length < UNREAD_MAX) this.#unread.push(unread);
    const { chainId, logger } = this.options;
    const fields = { chainId, offset: String(unread.offset), code: unread.code, reason: unread.reason };
    logger.error(fields, 'A message of the log stream cannot be read');
  }

  async #append(events: readonly NewEvent[], expected: Revision | null): Promise<Revision> {
    const { eventStore, chainId } = this.options;
    const { revision } = await eventStore.append(chainStream(chainId), events, expected ?? 'no_stream');
    this.#facts += events.length;
    return revision;
  }

  /** @throws BlockPartsMissingError */
  #whole(message: BlockMessage): BlockMessage {
    const whole = this.#parts.complete(message);
    if (whole !== null) return whole;
    const { hash, number } = message.block;
    throw new BlockPartsMissingError(`Of the ${message.parts} parts of block ${number} some did not come`, {
      ...{ chainId: this.options.chainId, number, hash, parts: message.parts },
    });
  }

  /** @throws UnknownContractsError */
  #requireKnown(message: WholeMessage): void {
    if (message.kind !== 'block') return;
    const known = this.#followed;
    const unknown = message.block.followed.filter((address) => !known.has(address));
    if (unknown.length === 0) return;
    throw new UnknownContractsError(
      `The indexer follows contracts that this program is not told of: ${unknown.join(', ')}`,
      { chainId: this.options.chainId, block: message.block.number, unknown },
    );
  }

  /** The events of a new message that are not in the log yet. */
  async #eventsOf(message: WholeMessage, offset: bigint, chain: IngestedChain): Promise<NewEvent[]> {
    const { chainId } = this.options;
    const context: EventContext = {
      chainId,
      decoder: this.#decoder,
      tokens: this.#tokens,
      reverts: chain.reverts,
      onParked: (log) => this.#tellParked(log),
      slices: this.#slices,
    };
    const before = parkedMessageEvents(this.#unread, message, context);
    this.#unread = [];
    const events = [...before, ...(await eventsOf(message, offset, context))];
    const { partial } = chain;
    if (partial.some((id, index) => id !== events[index]?.id)) {
      throw new PartialBlockError(`The log ends within another block than the one that comes`, {
        chainId,
        partial: partial.length,
        kind: message.kind,
      });
    }
    return events.slice(partial.length);
  }

  #tellParked({ block, fact, log }: ParkedLog): void {
    this.#parked += 1;
    const { chainId, logger } = this.options;
    const { code, reason } = fact.data;
    const at = { chainId, block: block.number, txHash: log.txHash, logIndex: log.logIndex };
    logger.error({ ...at, code, reason }, 'A log became no fact and is parked; it waits for an operator');
  }

  async #trim(): Promise<void> {
    const { logStream, chainId, keepMessages = KEEP_MESSAGES } = this.options;
    const upTo = (this.#chain.offset ?? 0n) - BigInt(keepMessages);
    if (upTo < this.#trimmed + TRIM_EVERY) return;
    await logStream.trim(chainTopic(chainId), upTo);
    this.#trimmed = upTo;
  }
}

const hasBlock = ({ window }: IngestedChain, hash: string): boolean => window.blocks.has(hash);
