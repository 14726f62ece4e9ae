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
import type { BlockReference, FollowedContracts } from '../blocks/chain-block.js';
import { LogDecoder } from '../decode/decode-log.js';
import { tipOf } from '../follow/chain-window.js';
import { chainTopic, type WholeMessage } from '../follow/messages.js';
import { APPEND_LIMITS, AppendBatch, type AppendLimits } from './append-batch.js';
import { PartialBlockError } from './errors.js';
import { afterMessage, NOTHING_INGESTED, type IngestedChain } from './ingested-chain.js';
import { type IngestedTokensBook, KnownTokens } from './known-tokens.js';
import { type EventContext, eventsOf, type ParkedLog, parkedMessageEvents } from './message-events.js';
import { placeInStream } from './place-in-stream.js';
import { restoreChain, restoreDownTo } from './restore.js';
import { Storing } from './storing.js';
import { type LeftBranch, TopicMadeAnew } from './topic-made-anew.js';
import { WholeMessages } from './whole-messages.js';

export interface IngesterOptions {
  readonly chainId: number;
  readonly contracts: FollowedContracts;
  /** The first block that the chain is followed from: an empty log begins with it, and with no other. */
  readonly startBlock: number;
  readonly eventStore: EventStore;
  readonly logStream: LogStream;
  readonly logger: Logger;
  /** What the next start need not read the whole log for; absent: it does. */
  readonly tokensBook?: IngestedTokensBook;
  readonly appendLimits?: AppendLimits;
  /**
   * Hash of the newest block of a branch that an operator let go of, final or not, until the log has that; null where there is none.
   * Absent: there never is.
   */
  readonly acceptedTip?: () => Promise<string | null>;
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
const FAILED_PAUSE_MS = 10_000;
const KEEP_MESSAGES = 10_000;
const TRIM_EVERY = 1_000n;

/**
 * Moves a chain's messages from the log stream to the log, each fact once; one ingester a chain at a time. Whatever it fails of
 * it tells, appends nothing, and tries again: what needs a person after a long pause.
 */
export function startIngester(options: IngesterOptions): Ingester {
  const ingestion = new Ingestion(options);
  const supervised = supervise(
    { name: `ingester-${options.chainId}`, loops: [LOOP], run: (run) => ingestion.run(run) },
    { logger: options.logger, pauseMs: PAUSE_MS, failedPauseMs: FAILED_PAUSE_MS },
  );
  return { ...supervised, status: () => ({ ...supervised.status(), ...ingestion.status() }) };
}

class Ingestion {
  readonly #decoder: LogDecoder;
  readonly #tokens: KnownTokens;
  readonly #slices = new Slices();
  readonly #messages: WholeMessages;
  #chain: IngestedChain = NOTHING_INGESTED;
  /** Until its first new block; null for the topic that was read before. */
  #anew: TopicMadeAnew | null = null;
  #trimmed = 0n;
  #facts = 0;
  #parked = 0;

  constructor(private readonly options: IngesterOptions) {
    this.#decoder = new LogDecoder(options.contracts);
    this.#tokens = new KnownTokens(options.tokensBook);
    this.#messages = new WholeMessages(options);
  }

  /**
   * Returns after an abort. At its start the stream's end is read: another writer may have come, or an append of ours whose
   * answer was lost.
   */
  async run(part: PartRun): Promise<void> {
    while (await this.#runFromPlace(part)) continue;
  }

  /** True where the log stream is to be read again from its start. */
  async #runFromPlace({ beat, progress, signal }: PartRun): Promise<boolean> {
    const { chainId, logStream } = this.options;
    await this.#restore(() => beat(LOOP));
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
      const isLevel = await this.#ingest(batch, achieved, signal);
      inHand = false;
      achieved();
      if (!isLevel) return true;
    }
    return false;
  }

  status(): IngestionStatus {
    return {
      ingested: tipOf(this.#chain.window),
      finalized: this.#chain.window.finalized,
      factsAppended: this.#facts,
      parkedLogs: this.#parked,
    };
  }

  async #restore(beat: () => void): Promise<void> {
    const { eventStore, chainId, logStream, logger, startBlock } = this.options;
    this.#messages.takeUnread();
    const chain = await restoreChain(eventStore, chainId);
    await this.#tokens.restore(eventStore, chainId, chain.revision);
    const offset = await placeInStream(logStream, chainTopic(chainId), chain, startBlock);
    this.#chain = { ...chain, offset };
    this.#anew = null;
    if (offset === chain.offset) return;
    this.#anew = await TopicMadeAnew.open(this.options, chain, beat);
    this.#trimmed = 0n;
    const fields = { chainId, offset: String(chain.offset) };
    logger.warn(
      fields,
      'The log stream has not the message that was ingested last; reading it from its start',
    );
  }

  /** False where what came before in the topic is new by what was appended. */
  async #ingest(batch: readonly LogMessage[], progress: () => void, signal: AbortSignal): Promise<boolean> {
    let eventId: string | undefined;
    const storing = new Storing(this.#chain.revision, async (events, expected) => {
      const revision = await this.#append(events, expected);
      eventId = events.at(-1)?.id;
      progress();
      return revision;
    });
    const chain = await this.#store(batch, storing, signal).finally(() => storing.end());
    if (chain === 'READ_AGAIN') return false;
    if (chain === null) return true; // what was appended is found again
    const revision = await storing.end();
    if (revision !== null && eventId !== undefined) await this.#tokens.recorded({ revision, eventId });
    this.#chain = { ...chain, offset: batch.at(-1)?.offset ?? chain.offset };
    await this.#trim();
    return true;
  }

  /** The chain after the messages; null where the signal came first. */
  async #store(
    batch: readonly LogMessage[],
    storing: Storing,
    signal: AbortSignal,
  ): Promise<IngestedChain | 'READ_AGAIN' | null> {
    const appends = new AppendBatch(this.options.appendLimits ?? APPEND_LIMITS, this.#slices);
    let chain = this.#chain;
    for (const given of batch) {
      if (signal.aborted) return null;
      const told = this.#messages.read(given);
      if (told === null) continue;
      if (told.kind === 'reverted' && told.isAccepted === true && !hasBlock(chain, told.ancestor.hash)) {
        await storing.add(appends.end());
        await storing.end();
        const { chainId, eventStore } = this.options;
        const restored = await restoreDownTo(eventStore, chainId, new Set([told.ancestor.hash]));
        chain = { ...restored, offset: chain.offset };
      }
      const store = async (message: WholeMessage): Promise<void> => {
        const events = await this.#eventsOf(message, given.offset, chain);
        chain = afterMessage(chain, message, given.offset, (chain.revision ?? -1n) + BigInt(events.length));
        await storing.add(await appends.add(events));
      };
      let left: LeftBranch | null = null;
      if (this.#anew !== null && told.kind === 'reverted' && this.#anew.isPast(told, chain)) continue;
      if (this.#anew !== null && told.kind === 'block') {
        await storing.add(appends.end());
        await storing.end();
        const found = await this.#anew.leftBefore(told, given.offset, chain);
        if (found === 'TAKEN_BACK') continue;
        left = found;
      }
      const takeBack = async (branch: LeftBranch): Promise<void> => {
        this.#tellLeft(branch);
        chain = { ...branch.chain, offset: chain.offset };
        for (const message of branch.messages) await store(message);
      };
      if (left?.isBelowFinal === true) {
        await takeBack(left);
        await storing.add(appends.end());
        return 'READ_AGAIN';
      }
      // Nothing is taken back for a block that is refused then.
      const message = this.#messages.wholeIfNew(told, left === null ? chain : without(chain, left));
      if (message === null) continue;
      if (left !== null) await takeBack(left);
      await store(message);
      if (message.kind === 'block') this.#anew = null;
    }
    await storing.add(appends.end());
    return chain;
  }

  async #append(events: readonly NewEvent[], expected: Revision | null): Promise<Revision> {
    const { eventStore, chainId } = this.options;
    const { revision } = await eventStore.append(chainStream(chainId), events, expected ?? 'no_stream');
    this.#facts += events.length;
    return revision;
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
    const before = parkedMessageEvents(this.#messages.takeUnread(), message, context);
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

  #tellLeft({ messages, isBelowFinal }: LeftBranch): void {
    const { chainId, logger } = this.options;
    const [from, to] = [messages.at(-1)?.fromNumber, messages[0]?.toNumber];
    const said =
      'The log stream, which was made anew, tells another branch than the log has: that is taken back';
    logger.warn({ chainId, from, to, isBelowFinal }, said);
  }

  #tellParked({ block, fact, log }: ParkedLog): void {
    this.#parked += 1;
    const { chainId, logger } = this.options;
    const { code, reason } = fact.data;
    const at = { chainId, block: block.number, txHash: log.txHash, logIndex: log.logIndex };
    logger.error({ ...at, code, reason }, 'A log became no fact and is parked, for an operator to decide on');
  }

  async #trim(): Promise<void> {
    const { logStream, chainId, keepMessages = KEEP_MESSAGES } = this.options;
    const upTo = (this.#chain.offset ?? 0n) - BigInt(keepMessages);
    if (upTo < this.#trimmed + TRIM_EVERY) return;
    await logStream.trim(chainTopic(chainId), upTo);
    this.#trimmed = upTo;
  }
}

/** The chain as it is once a branch is taken back. */
const without = (chain: IngestedChain, { messages }: LeftBranch): IngestedChain =>
  messages.reduce((left, message) => afterMessage(left, message, chain.offset ?? 0n, chain.revision), chain);

const hasBlock = ({ window }: IngestedChain, hash: string): boolean => window.blocks.has(hash);
