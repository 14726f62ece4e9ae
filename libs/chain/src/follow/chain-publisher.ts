import { setTimeout as sleep } from 'node:timers/promises';
import {
  AblandError,
  failureClassOf,
  type Json,
  type Logger,
  type LogStream,
  mayPass,
  type Running,
} from '@abland/kernel';
import type { BlockReference } from '../blocks/chain-block.js';
import { tipOf } from './chain-window.js';
import { followedIn, withEarlierLogs } from './earlier-logs.js';
import { catchUp, type ChainSource, type FollowOptions } from './follow-chain.js';
import { chainTopic, type ChainMessage } from './messages.js';
import { advance, resumePublished, type Published } from './resume.js';

export interface PublisherStatus {
  /** The provider's newest block; null until it was asked. */
  readonly head: BlockReference | null;
  readonly published: BlockReference | null;
  readonly finalized: BlockReference | null;
  /** Blocks between the head and what is published; null until the head is known. */
  readonly lagBlocks: number | null;
  /** Published since the start. */
  readonly blocksPublished: number;
  readonly blocksPerSecond: number;
  readonly reorgs: number;
  /** Why the last attempt failed; null while all is well. */
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export interface ChainPublisherOptions extends FollowOptions {
  readonly chainId: number;
  readonly source: ChainSource;
  readonly logStream: LogStream;
  readonly logger: Logger;
  /** Resolves when there may be a new head. */
  readonly nextHead: (signal: AbortSignal) => Promise<void>;
  /** Called after a provider's data did not hold together. */
  readonly onDistrust?: () => void;
}

export interface ChainPublisher extends Running {
  status(): PublisherStatus;
}

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 10_000;

const isRetryable = (error: unknown): boolean => mayPass(failureClassOf(error));

/** Publishes a chain on the log stream, from where the log stream ends; one publisher a chain at a time. */
export async function startChainPublisher(options: ChainPublisherOptions): Promise<ChainPublisher> {
  const published = await resumePublished(options.logStream, chainTopic(options.chainId));
  const publishing = new Publishing(options, published);
  const ended = publishing.run();
  // Awaited by whoever supervises; a stop in between must not count as unhandled.
  ended.catch(() => undefined);
  return {
    name: `indexer-${options.chainId}`,
    ended,
    status: () => publishing.status(),
    stop: async () => {
      publishing.abort();
      await ended.catch(() => undefined);
    },
  };
}

class Publishing {
  readonly #abort = new AbortController();
  readonly #startedAt = performance.now();
  #head: BlockReference | null = null;
  #blocks = 0;
  #reorgs = 0;
  #uncertain = false;
  #failure: PublisherStatus['failure'] = null;

  constructor(
    private readonly options: ChainPublisherOptions,
    private published: Published,
  ) {}

  abort(): void {
    this.#abort.abort();
  }

  /** Returns after an abort. @throws what no retry can help */
  async run(): Promise<void> {
    const { signal } = this.#abort;
    let pauseMs = RETRY_MIN_MS;
    while (!signal.aborted) {
      try {
        // A publication whose answer was lost may have been made: the log stream knows.
        if (this.#uncertain)
          this.published = await resumePublished(this.options.logStream, chainTopic(this.options.chainId));
        this.#uncertain = false;
        await this.#publishAll();
        this.#failure = null;
        pauseMs = RETRY_MIN_MS;
        await this.options.nextHead(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#uncertain = true;
        this.#noteFailure(error);
        if (!isRetryable(error)) throw error;
        this.options.onDistrust?.();
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS);
      }
    }
  }

  status(): PublisherStatus {
    const { window } = this.published;
    const published = tipOf(window);
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return {
      head: this.#head,
      published,
      finalized: window.finalized,
      lagBlocks: this.#head === null ? null : Math.max(0, this.#head.number - (published?.number ?? -1)),
      blocksPublished: this.#blocks,
      blocksPerSecond: Math.round((this.#blocks / seconds) * 10) / 10,
      reorgs: this.#reorgs,
      failure: this.#failure,
    };
  }

  async #publishAll(): Promise<void> {
    const { source, signal } = { source: this.options.source, signal: this.#abort.signal };
    const onHead = (head: BlockReference): void => {
      this.#head = head;
    };
    for await (const messages of catchUp(source, this.published.window, this.options, onHead)) {
      if (signal.aborted) return;
      await this.#publish(messages);
    }
  }

  async #publish(messages: readonly ChainMessage[]): Promise<void> {
    const { logStream, logger, chainId, source, startBlock } = this.options;
    const { newest } = this.published;
    const followed = newest === null ? null : followedIn(newest, source);
    const complete = await withEarlierLogs(messages, followed, source, startBlock);
    await logStream.publish(chainTopic(chainId), complete as readonly Json[]);
    this.published = messages.reduce(advance, this.published);
    for (const message of messages) {
      if (message.kind === 'block') this.#blocks += 1;
      if (message.kind !== 'reverted') continue;
      this.#reorgs += 1;
      logger.warn({ chainId, ...message }, 'The chain took blocks back');
    }
  }

  #noteFailure(error: unknown): void {
    const code = error instanceof AblandError ? error.code : 'UNEXPECTED';
    this.#failure = { code, message: error instanceof Error ? error.message : String(error) };
    this.options.logger.warn({ err: error, chainId: this.options.chainId }, 'Following the chain failed');
  }
}
