import type { Revision } from '@abland/kernel';
import type { ReadSlots } from '../reading/read-slots.js';
import type { Pending } from '../subscriptions/pending.js';
import type { ChainChange } from './changes/chain-change.js';
import { changesIn, type ReadableLog } from './changes/chain-changes.js';
import type { ChainFeed } from './chain-feed.js';

export interface FollowingOptions<Message> {
  readonly chainId: number;
  readonly log: ReadableLog;
  /** The feed of the chain, which is told anew where it failed. */
  readonly feed: () => ChainFeed;
  /** How many read what they have missed at once. */
  readonly catchingUp: ReadSlots;
  /** The revision of the last change that is known; null: from now on. */
  readonly after: Revision | null;
  readonly isWanted: (change: ChainChange) => boolean;
  /** Null where nothing is to be told of it. */
  readonly messageOf: (change: ChainChange) => Promise<Message | null>;
  readonly onTooSlow: () => void;
  readonly onEnd: () => void;
}

/**
 * What one client is told: first what of the log it has missed, as fast as it takes it, then what comes. Where it stands is a
 * revision of the chain's stream and nothing else, so that it may be ended at any time and begun again anywhere.
 */
export class Following<Message> implements AsyncIterableIterator<Message> {
  private known: Revision | null;
  private missed: AsyncGenerator<ChainChange> | null = null;
  private live: Pending<ChainChange> | null = null;
  private ended = false;

  constructor(private readonly options: FollowingOptions<Message>) {
    this.known = options.after;
  }

  async next(): Promise<IteratorResult<Message>> {
    try {
      while (!this.ended) {
        const change = await this.nextChange();
        if (change === null) break;
        const message = this.options.isWanted(change) ? await this.options.messageOf(change) : null;
        this.known = change.place.revision;
        if (message !== null && !this.ended) return { done: false, value: message };
      }
    } catch (error) {
      await this.return();
      throw error;
    }
    return this.return();
  }

  async return(): Promise<IteratorResult<Message>> {
    if (!this.ended) {
      this.ended = true;
      void this.live?.return();
      // It ends once what it is reading is read.
      void this.missed?.return(undefined);
      this.options.onEnd();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private async nextChange(): Promise<ChainChange | null> {
    while (this.live === null) {
      const missed = await this.nextMissed();
      if (missed !== null) return missed;
      await this.join();
      if (this.ended) return null;
    }
    const { value } = await this.live.next();
    return (value as ChainChange | undefined) ?? null;
  }

  /** Null where all is read, or nothing was missed. */
  private async nextMissed(): Promise<ChainChange | null> {
    const { missed } = this;
    if (missed === null) return null;
    const end = await this.options.catchingUp.take(null);
    try {
      const { done, value } = await missed.next();
      if (done !== true) return value;
    } finally {
      end();
    }
    this.missed = null;
    return null;
  }

  /** Goes on with what comes; where more has come meanwhile, with that. */
  private async join(): Promise<void> {
    // A feed that is asked for is used: of who has left by now nobody would tell it.
    if (this.ended) return;
    const { chainId, isWanted, log, onTooSlow: onOverflow } = this.options;
    const feed = this.options.feed();
    await feed.ready;
    if (this.ended) return;
    this.known ??= feed.revision;
    this.live = feed.join({ after: this.known, isWanted, onOverflow });
    if (this.live === null)
      this.missed = changesIn(log, { chainId, after: this.known, until: feed.revision });
  }
}
