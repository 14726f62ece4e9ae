import {
  failureClassOf,
  type Json,
  type Logger,
  type LogStream,
  mayPass,
  type PartRun,
  type PartStatus,
  type PublisherState,
  type Running,
  supervise,
} from '@abland/kernel';
import type { BlockProof, SeenElsewhere } from '@abland/domain';
import type { BlockReference } from '../blocks/chain-block.js';
import { ChainBehindError, ReorgTooDeepError } from '../blocks/errors.js';
import { WrongChainError } from '../rpc/errors.js';
import { CatchUpPace } from './catch-up-pace.js';
import { type ChainWindow, tipOf } from './chain-window.js';
import type { TokenDescriber } from '../tokens/token-describer.js';
import { cutMessages } from './cut-messages.js';
import { withDescriptions } from './described-tokens.js';
import { type Bringing, EarlierLogs } from './earlier-logs.js';
import { catchUp, type ChainSource, type FollowOptions, type ToldHead } from './follow-chain.js';
import { FollowedTokens, type TokensFollowed } from './followed-tokens.js';
import { chainTopic, type ChainMessage } from './messages.js';
import { carryOut, NO_DECISIONS, type ReorgDecisions, tellBegun } from './reorg-decisions.js';
import { advance, NOTHING_PUBLISHED, resumePublished, type Published } from './resume.js';
import { UsualBlockTime } from './usual-block-time.js';

/** How far it is. */
interface PublishingStatus {
  /** The provider's newest block; null until it was asked. */
  readonly head: BlockReference | null;
  readonly published: BlockReference | null;
  readonly finalized: BlockReference | null;
  /** Blocks between the head and what is published; null until the head is known. */
  readonly lagBlocks: number | null;
  /** Whether the head lies below every block that a reorg may take back: no node that keeps up lags so far. */
  readonly isBelowAll: boolean;
  /** Published since the start. */
  readonly blocksPublished: number;
  /** Over the last minute. */
  readonly blocksPerSecond: number;
  /** Until the head is reached at this rate; null where that is not known, or nothing moves. */
  readonly secondsLeft: number | null;
  /** Where it stands before another chain than ours: who has that. */
  readonly seen: SeenElsewhere | null;
  /** Published since the start, by what proved them. */
  readonly proofs: Readonly<Record<BlockProof, number>>;
  /** The same, by how many providers had each block as it was published. */
  readonly agreed: Readonly<Record<number, number>>;
  readonly reorgs: number;
  /** What contracts did before they were followed, while that is brought along; null where nothing is. */
  readonly bringing: Bringing | null;
  /** Milliseconds since the chain last told its newest block; null before the first time. */
  readonly contactAgeMs: number | null;
  /** Milliseconds since its newest block was first heard of; null before the first one. */
  readonly headAgeMs: number | null;
  /** Milliseconds from one block to the next, as learnt from when they came; null where that is not known. */
  readonly usualBlockMs: number | null;
}

export interface PublisherStatus extends PartStatus, PublishingStatus {
  readonly following: PublisherState;
}

export interface ChainPublisherOptions extends FollowOptions {
  readonly chainId: number;
  /** Of the lease by which it publishes: the log stream refuses it once another has a higher one. */
  readonly epoch: bigint;
  readonly source: ChainSource;
  /** Absent: no token is asked what it says of itself. */
  readonly describer?: TokenDescriber;
  /** Absent: whatever looks like a token's transfer is published. */
  readonly tokens?: TokensFollowed;
  readonly logStream: LogStream;
  readonly logger: Logger;
  /** Resolves when there may be a new head. */
  readonly nextHead: (signal: AbortSignal) => Promise<void>;
  /** Told of each head that was asked for. */
  readonly onHead?: (head: BlockReference) => void;
  /** Told while there is more to publish: the next block, and the newest one that the chain has. Never rejects. */
  readonly onProgress?: (next: number, head: number) => Promise<void>;
  /** Called after a provider's data did not hold together. */
  readonly onDistrust?: () => void;
  /**
   * That the provider still serves the chain: asked before what it tells is judged to lie behind us, or on another branch.
   * @throws WrongChainError
   */
  readonly requireChain?: () => Promise<void>;
  /** Asked where the provider has another branch in the place of ours that is final. Absent: there are none. */
  readonly decisions?: ReorgDecisions;
  /** After so many milliseconds of publishing the newest block is asked for again; default: two seconds. */
  readonly headEveryMs?: number;
  /** For so many milliseconds a provider's head may lie below what was published: nodes behind one address differ. */
  readonly behindMsMax?: number;
}

export interface ChainPublisher extends Running {
  status(): PublisherStatus;
}

/** The looking for heads, and the publishing of what is new. */
const LOOP = 'heads';
const PAUSE_MS = { min: 100, max: 10_000 };
/** A provider that was exchanged, or a chain that came back, is noticed after this. */
const FAILED_PAUSE_MS = 10_000;
const BEHIND_MS_MAX = 5_000;
/** Well below the age of a contact at which the chain counts as out of reach. */
const HEAD_EVERY_MS = 2_000;

/**
 * Publishes a chain on the log stream, from where the log stream ends; one publisher a chain at a time. Whatever it fails of it
 * tells, loses nothing, and tries again: what needs a person after a long pause.
 */
export function startChainPublisher(options: ChainPublisherOptions): ChainPublisher {
  const publishing = new Publishing(options);
  const supervised = supervise(
    { name: `indexer-${options.chainId}`, loops: [LOOP], run: (run) => publishing.run(run) },
    { logger: options.logger, pauseMs: PAUSE_MS, failedPauseMs: FAILED_PAUSE_MS },
  );
  const status = (): PublisherStatus => {
    const [part, publication] = [supervised.status(), publishing.status()];
    return { ...part, ...publication, following: stateOf(part, publication) };
  };
  return { ...supervised, status };
}

function stateOf({ failure }: PartStatus, { head, isBelowAll }: PublishingStatus): PublisherState {
  if (failure === null && isBelowAll) return 'BEHIND';
  if (failure === null) return head === null ? 'STARTING' : 'FOLLOWING';
  if (failure.code === 'CHAIN_BEHIND') return 'BEHIND';
  return mayPass(failure.failureClass) ? 'UNREACHABLE' : 'STOPPED';
}

function isBelowAll({ blocks: { oldest } }: ChainWindow, head: BlockReference | null): boolean {
  return head !== null && oldest !== null && head.number < oldest.number;
}

function seenIn(error: unknown): SeenElsewhere | null {
  const isOfBranch = error instanceof ReorgTooDeepError || error instanceof ChainBehindError;
  return isOfBranch || error instanceof WrongChainError ? error.seen : null;
}

class Publishing {
  readonly #pace = new CatchUpPace(performance.now());
  #published: Published = NOTHING_PUBLISHED;
  #tokens: FollowedTokens | null = null;
  #earlier: EarlierLogs | null = null;
  /** Whether it is known how far the chain was published. */
  #resumed = false;
  #head: ToldHead | null = null;
  #seen: SeenElsewhere | null = null;
  #contactAt: number | null = null;
  #isAskingHead = false;
  #headAt: number | null = null;
  readonly #usualBlockTime = new UsualBlockTime();
  #behindSince: number | null = null;
  #blocks = 0;
  readonly #proofs: Record<BlockProof, number> = { NONE: 0, BLOOM: 0, RECEIPTS: 0 };
  readonly #agreed: Record<number, number> = {};
  #reorgs = 0;

  constructor(private readonly options: ChainPublisherOptions) {}

  /** Returns after an abort. */
  async run({ beat, progress: got, signal }: PartRun): Promise<void> {
    const { nextHead, onDistrust } = this.options;
    const progress = (): void => {
      beat(LOOP);
      got();
    };
    try {
      // A publication whose answer was lost may have been made: the log stream knows, once what was not can be made no more.
      if (!this.#resumed) await this.#resume();
      this.#resumed = true;
      const resumed = this.#published.window;
      for (let isFirst = true; !signal.aborted; isFirst = false) {
        await this.#acceptOrFail(() => this.#publishAll(progress, signal));
        await this.#acceptOrFail(() => this.#requireNotBehind());
        if (isFirst) await tellBegun(this.#decisions, resumed, this.options.source);
        this.#seen = null;
        progress();
        await nextHead(signal);
      }
    } catch (error) {
      this.#resumed = false;
      this.#seen = seenIn(error);
      if (mayPass(failureClassOf(error))) onDistrust?.();
      throw error;
    } finally {
      this.#earlier?.stop();
    }
  }

  async #resume(): Promise<void> {
    const { chainId, epoch, logStream, tokens } = this.options;
    await logStream.claim(chainTopic(chainId), epoch);
    this.#published = await resumePublished(logStream, chainTopic(chainId));
    this.#tokens = tokens === undefined ? null : await FollowedTokens.open(tokens, logStream, chainId);
    const { logger, source, startBlock } = this.options;
    this.#earlier = new EarlierLogs({ source, startBlock, tokens: this.#tokens, logger });
  }

  status(): PublishingStatus {
    const { window } = this.#published;
    const published = tipOf(window);
    const now = performance.now();
    const lagBlocks = this.#head === null ? null : Math.max(0, this.#head.number - (published?.number ?? -1));
    return {
      head: this.#head,
      published,
      finalized: window.finalized,
      lagBlocks,
      isBelowAll: isBelowAll(window, this.#head),
      blocksPublished: this.#blocks,
      ...this.#pace.pace(now, this.#blocks, lagBlocks),
      seen: this.#seen,
      proofs: { ...this.#proofs },
      agreed: { ...this.#agreed },
      reorgs: this.#reorgs,
      bringing: this.#earlier?.bringing ?? null,
      contactAgeMs: this.#contactAt === null ? null : now - this.#contactAt,
      headAgeMs: this.#headAt === null ? null : now - this.#headAt,
      usualBlockMs: this.#usualBlockTime.ms,
    };
  }

  async #publishAll(progress: () => void, signal: AbortSignal): Promise<void> {
    const { headEveryMs = HEAD_EVERY_MS, source } = this.options;
    const onHead = (head: ToldHead): void => {
      if (head.hash !== this.#head?.hash) {
        this.#headAt = performance.now();
        this.#usualBlockTime.note(head, this.#headAt);
      }
      this.#head = head;
      this.options.onHead?.(head);
      this.#contactAt = performance.now();
    };
    const options = { ...this.options, tokensFollowed: this.#tokens?.tokens };
    const over = new AbortController();
    const asking = setInterval(() => this.#askHead(onHead, over.signal), headEveryMs);
    try {
      for await (const messages of catchUp(source, this.#published.window, options, onHead)) {
        if (signal.aborted) return;
        if (messages.length > 0) await this.#publish(messages);
        progress();
        await this.#tellProgress();
        this.#tellPace();
      }
    } finally {
      clearInterval(asking);
      over.abort();
    }
  }

  /**
   * While it publishes for long: ranges may take their time, or be what other indexers have read, which says nothing of whether the
   * chain answers. Not waited for; without an answer it is the contact that grows old.
   */
  #askHead(onHead: (head: ToldHead) => void, over: AbortSignal): void {
    if (this.#isAskingHead) return;
    this.#isAskingHead = true;
    const toldAt = this.#contactAt;
    const tell = (head: ToldHead): void => {
      if (!over.aborted && this.#contactAt === toldAt) onHead(head);
    };
    void this.options.source
      .head()
      .then(tell, () => undefined)
      .finally(() => (this.#isAskingHead = false));
  }

  async #tellProgress(): Promise<void> {
    const [head, tip] = [this.#head, tipOf(this.#published.window)];
    if (head !== null && tip !== null) await this.options.onProgress?.(tip.number + 1, head.number);
  }

  /** @throws what the work does, unless it ran into what an operator accepted; WrongChainError */
  async #acceptOrFail(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ReorgTooDeepError || error instanceof ChainBehindError)) throw error;
      await this.options.requireChain?.();
      const tip = tipOf(this.#published.window);
      const decision = await this.#decisions.begin({ hash: tip?.hash ?? '', number: tip?.number ?? null });
      if (decision === null) throw error;
      await carryOut(decision, { ...this.options, publish: (message) => this.#publish([message]) });
      this.#behindSince = null;
    }
  }

  get #decisions(): ReorgDecisions {
    return this.options.decisions ?? NO_DECISIONS;
  }

  /** While it is far behind, so that whoever started it knows that it goes on, and for how long. */
  #tellPace(): void {
    if (!this.#pace.mark(performance.now(), this.#blocks)) return;
    const { blocksPerSecond, head, lagBlocks, published, secondsLeft } = this.status();
    if (lagBlocks === null || lagBlocks < this.options.rangeSize) return;
    const { chainId, logger } = this.options;
    logger.info(
      { chainId, published: published?.number, head: head?.number, lagBlocks, blocksPerSecond, secondsLeft },
      'Catching up with the chain',
    );
  }

  /** @throws ChainBehindError, WrongChainError */
  async #requireNotBehind(): Promise<void> {
    const [head, tip] = [this.#head, tipOf(this.#published.window)];
    if (head === null || tip === null || head.number >= tip.number) {
      this.#behindSince = null;
      return;
    }
    const now = performance.now();
    if (this.#behindSince === null) await this.options.requireChain?.();
    this.#behindSince ??= now;
    if (now - this.#behindSince < (this.options.behindMsMax ?? BEHIND_MS_MAX)) return;
    throw new ChainBehindError(
      `The newest block that the provider tells is ${head.number}; block ${tip.number} was published before`,
      { chainId: this.options.chainId, head: head.number, published: tip.number },
      { provider: head.provider, block: { number: head.number, hash: head.hash } },
    );
  }

  async #publish(messages: readonly ChainMessage[]): Promise<void> {
    const { describer, logStream, logger, chainId, epoch, source } = this.options;
    const { asked, coverage, window } = this.#published;
    const complete = (await this.#earlier?.bring(messages, coverage, window.finalized)) ?? messages;
    const readWhole = (number: number): ReturnType<typeof source.blocks> => source.blocks(number, number);
    const ours = (await this.#tokens?.only(complete, readWhole)) ?? complete;
    const isOurs = (token: string): boolean => this.#tokens?.isTold(token) === true;
    const described = describer === undefined ? ours : await withDescriptions(ours, asked, describer, isOurs);
    await logStream.publish(chainTopic(chainId), cutMessages(described) as readonly Json[], { epoch });
    this.#published = described.reduce(advance, this.#published);
    for (const message of messages) {
      if (message.kind === 'block') {
        this.#blocks += 1;
        const { proof, providers } = message.block;
        this.#proofs[proof] += 1;
        this.#agreed[providers] = (this.#agreed[providers] ?? 0) + 1;
      }
      if (message.kind !== 'reverted') continue;
      this.#reorgs += 1;
      logger.warn({ chainId, ...message }, 'The chain took blocks back');
    }
  }
}
