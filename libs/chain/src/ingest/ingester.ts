import { chainStream } from '@abland/domain';
import {
  type EventStore,
  type Logger,
  type LogMessage,
  type LogStream,
  type NewEvent,
  type PartRun,
  type PartStatus,
  type Running,
  supervise,
} from '@abland/kernel';
import { followedAddresses, type BlockReference, type FollowedContracts } from '../blocks/chain-block.js';
import { LogDecoder } from '../decode/decode-log.js';
import { tipOf } from '../follow/chain-window.js';
import { chainTopic, type ChainMessage } from '../follow/messages.js';
import { APPEND_LIMITS, packAppends, type AppendLimits } from './append-batch.js';
import { PartialBlockError, UnknownContractsError } from './errors.js';
import { afterMessage, isNew, NOTHING_INGESTED, type IngestedChain } from './ingested-chain.js';
import { eventsOf, type UndecodableLog } from './message-events.js';
import { restoreChain, restoreTokens } from './restore.js';

export interface IngesterOptions {
  readonly chainId: number;
  readonly contracts: FollowedContracts;
  readonly eventStore: EventStore;
  readonly logStream: LogStream;
  readonly logger: Logger;
  /** Told of each log that could not be read; ingestion goes on. */
  readonly onUndecodable?: (log: UndecodableLog) => void;
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
  readonly undecodableLogs: number;
}

export interface IngesterStatus extends PartStatus, IngestionStatus {}

export interface Ingester extends Running {
  status(): IngesterStatus;
}

const PAUSE_MS = { min: 50, max: 5_000 };
const KEEP_MESSAGES = 10_000;
const TRIM_EVERY = 1_000n;

/** Moves a chain's messages from the log stream to the log, each fact once; one ingester a chain at a time. */
export async function startIngester(options: IngesterOptions): Promise<Ingester> {
  const ingestion = new Ingestion(options);
  await ingestion.restore();
  const supervised = supervise(
    { name: `ingester-${options.chainId}`, run: (run) => ingestion.run(run) },
    { logger: options.logger, pauseMs: PAUSE_MS, endsOn: (_error, failureClass) => failureClass === 'WRONG' },
  );
  return { ...supervised, status: () => ({ ...supervised.status(), ...ingestion.status() }) };
}

class Ingestion {
  readonly #decoder: LogDecoder;
  readonly #followed: ReadonlySet<string>;
  #chain: IngestedChain = NOTHING_INGESTED;
  #tokens = new Set<string>();
  #trimmed = 0n;
  #facts = 0;
  #undecodable = 0;
  /** Whether what is known of the log is as the log is. */
  #restored = false;

  constructor(private readonly options: IngesterOptions) {
    this.#decoder = new LogDecoder(options.contracts);
    this.#followed = new Set(followedAddresses(options.contracts));
  }

  async restore(): Promise<void> {
    const { eventStore, chainId, logStream, logger } = this.options;
    this.#chain = await restoreChain(eventStore, chainId);
    this.#tokens = await restoreTokens(eventStore, chainId);
    this.#restored = true;
    const last = await logStream.last(chainTopic(chainId));
    const { offset } = this.#chain;
    if (offset === null || (last !== null && last.offset >= offset)) return;
    // Another log stream than the one that was read: what is in the log already is recognised by its blocks.
    logger.warn({ chainId, offset: String(offset) }, 'The log stream is new; reading it from its start');
    this.#chain = { ...this.#chain, offset: null };
  }

  /** Returns after an abort. After a failure the stream's end is read again: another writer, or an append of ours whose answer was lost. */
  async run({ progress, signal }: PartRun): Promise<void> {
    const { chainId, logStream } = this.options;
    if (!this.#restored) await this.restore();
    const { offset } = this.#chain;
    const from = { ...(offset === null ? {} : { after: offset }), signal };
    this.#restored = false;
    for await (const batch of logStream.consume(chainTopic(chainId), from)) {
      await this.#ingest(batch);
      progress();
    }
  }

  status(): IngestionStatus {
    return {
      ingested: tipOf(this.#chain.window),
      finalized: this.#chain.window.finalized,
      factsAppended: this.#facts,
      undecodableLogs: this.#undecodable,
    };
  }

  async #ingest(batch: readonly LogMessage[]): Promise<void> {
    const { eventStore, chainId, appendLimits = APPEND_LIMITS } = this.options;
    let chain = this.#chain;
    const messages: NewEvent[][] = [];
    for (const { offset, value } of batch) {
      const message = value as ChainMessage;
      if (!isNew(chain, message)) continue;
      this.#requireKnown(message);
      const events = this.#eventsOf(message, offset, chain);
      const revision = (chain.revision ?? -1n) + BigInt(events.length);
      chain = afterMessage(chain, message, offset, revision);
      messages.push(events);
    }
    let { revision } = this.#chain;
    for (const events of packAppends(messages, appendLimits)) {
      const appended = await eventStore.append(chainStream(chainId), events, revision ?? 'no_stream');
      revision = appended.revision;
      this.#facts += events.length;
    }
    const offset = batch.at(-1)?.offset ?? chain.offset;
    this.#chain = { ...chain, offset };
    await this.#trim();
  }

  /** @throws UnknownContractsError */
  #requireKnown(message: ChainMessage): void {
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
  #eventsOf(message: ChainMessage, offset: bigint, chain: IngestedChain): NewEvent[] {
    const { chainId } = this.options;
    const events = eventsOf(message, offset, {
      chainId,
      decoder: this.#decoder,
      tokens: this.#tokens,
      reverts: chain.reverts,
      onUndecodable: (log) => this.#setAside(log),
    });
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

  #setAside(undecodable: UndecodableLog): void {
    this.#undecodable += 1;
    const { log, block, reason } = undecodable;
    const at = {
      chainId: this.options.chainId,
      block: block.number,
      txHash: log.txHash,
      logIndex: log.logIndex,
    };
    this.options.logger.error({ ...at, log, reason }, 'A log cannot be decoded; it is set aside');
    this.options.onUndecodable?.(undecodable);
  }

  async #trim(): Promise<void> {
    const { logStream, chainId, keepMessages = KEEP_MESSAGES } = this.options;
    const upTo = (this.#chain.offset ?? 0n) - BigInt(keepMessages);
    if (upTo < this.#trimmed + TRIM_EVERY) return;
    await logStream.trim(chainTopic(chainId), upTo);
    this.#trimmed = upTo;
  }
}
