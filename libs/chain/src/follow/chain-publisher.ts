import {
  failureClassOf,
  type Json,
  type Logger,
  type LogStream,
  mayPass,
  type PartRun,
  type PartStatus,
  type Running,
  supervise,
} from '@abland/kernel';
import type { BlockReference } from '../blocks/chain-block.js';
import { tipOf } from './chain-window.js';
import { withEarlierLogs } from './earlier-logs.js';
import { catchUp, type ChainSource, type FollowOptions } from './follow-chain.js';
import { chainTopic, type ChainMessage } from './messages.js';
import { advance, resumePublished, type Published } from './resume.js';

/** How far it is. */
interface PublishingStatus {
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
}

export interface PublisherStatus extends PartStatus, PublishingStatus {}

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

const PAUSE_MS = { min: 100, max: 10_000 };

/** Publishes a chain on the log stream, from where the log stream ends; one publisher a chain at a time. */
export async function startChainPublisher(options: ChainPublisherOptions): Promise<ChainPublisher> {
  const published = await resumePublished(options.logStream, chainTopic(options.chainId));
  const publishing = new Publishing(options, published);
  const supervised = supervise(
    { name: `indexer-${options.chainId}`, run: (run) => publishing.run(run) },
    { logger: options.logger, pauseMs: PAUSE_MS, endsOn: (_error, failureClass) => failureClass === 'WRONG' },
  );
  return { ...supervised, status: () => ({ ...supervised.status(), ...publishing.status() }) };
}

class Publishing {
  readonly #startedAt = performance.now();
  #head: BlockReference | null = null;
  #blocks = 0;
  #reorgs = 0;
  #uncertain = false;

  constructor(
    private readonly options: ChainPublisherOptions,
    private published: Published,
  ) {}

  /** Returns after an abort. */
  async run({ progress, signal }: PartRun): Promise<void> {
    const { chainId, logStream, nextHead, onDistrust } = this.options;
    try {
      // A publication whose answer was lost may have been made: the log stream knows.
      if (this.#uncertain) this.published = await resumePublished(logStream, chainTopic(chainId));
      this.#uncertain = false;
      while (!signal.aborted) {
        await this.#publishAll(progress, signal);
        progress();
        await nextHead(signal);
      }
    } catch (error) {
      this.#uncertain = true;
      if (mayPass(failureClassOf(error))) onDistrust?.();
      throw error;
    }
  }

  status(): PublishingStatus {
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
    };
  }

  async #publishAll(progress: () => void, signal: AbortSignal): Promise<void> {
    const { source } = this.options;
    const onHead = (head: BlockReference): void => {
      this.#head = head;
    };
    for await (const messages of catchUp(source, this.published.window, this.options, onHead)) {
      if (signal.aborted) return;
      await this.#publish(messages);
      progress();
    }
  }

  async #publish(messages: readonly ChainMessage[]): Promise<void> {
    const { logStream, logger, chainId, source, startBlock } = this.options;
    const { newest } = this.published;
    const complete = await withEarlierLogs(messages, newest?.followed ?? null, source, startBlock);
    await logStream.publish(chainTopic(chainId), complete as readonly Json[]);
    this.published = messages.reduce(advance, this.published);
    for (const message of messages) {
      if (message.kind === 'block') this.#blocks += 1;
      if (message.kind !== 'reverted') continue;
      this.#reorgs += 1;
      logger.warn({ chainId, ...message }, 'The chain took blocks back');
    }
  }
}
