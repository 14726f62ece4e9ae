import { type EventStore, type Logger, Outages, type Position, type Revision } from '@abland/kernel';
import { chainHead, finalityOf, type ReadModel } from '@abland/projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { instantOf } from '../graphql/instant.js';
import { PORT } from '../ports/ports.js';
import type { ReadModelWatch } from '../read-positions/read-model-watch.js';
import { ReadSlots } from '../reading/read-slots.js';
import type { Finality } from '../served-chains/finality.types.js';
import type { SubscriberSocket } from '../subscriptions/subscriber-socket.js';
import { SUBSCRIPTION_LIMITS, type SubscriptionLimits } from '../subscriptions/subscription-limits.js';
import type { ChainChange } from './changes/chain-change.js';
import { ChainFeed } from './chain-feed.js';
import { type Beginning, cursorOf, knownRevision } from './feed-cursor.js';
import { Following } from './following.js';
import { OncePerChange, type Topic } from './topics/topic.js';

/** Clients that read what they have missed at once; the others wait for their turn, a page of the log long. */
const CATCHING_UP = { max: 4, waitersMax: 10_000, waitMs: 60_000 };

/** What a reorg took back of what is followed. */
export interface Retraction {
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly blockHashes: readonly string[];
  readonly ids: readonly string[];
}

/** What a change of a chain means to who follows a topic. */
export interface Message<Item> {
  /** What it is followed on from. */
  readonly cursor: string;
  readonly position: bigint;
  /** Of the block that it is of; where blocks were taken back, of the newest one that is left. */
  readonly finality: Finality;
  readonly retraction: Retraction | null;
  readonly items: readonly Item[];
}

export interface Follow {
  readonly chainId: number;
  /** The cursor of the last message that is known; null: from now on. */
  readonly after: string | null;
  /** A position of the log instead: what comes after it is not known. */
  readonly since: Position | null;
  readonly connection: SubscriberSocket | null;
}

/** Tells those who follow the market of a chain what the log says of it. */
@Injectable()
export class MarketFeed implements OnApplicationShutdown {
  readonly once = new OncePerChange();
  private readonly feeds = new Map<number, { feed: ChainFeed; readonly users: Set<object> }>();
  private readonly catchingUp = new ReadSlots(CATCHING_UP);
  private readonly interruptions: Outages;

  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PORT.watch) private readonly watch: ReadModelWatch,
    @Inject(SUBSCRIPTION_LIMITS) private readonly limits: SubscriptionLimits,
    @Inject(PORT.logger) logger: Logger,
  ) {
    this.interruptions = new Outages({ logger, message: 'following a chain was interrupted' });
  }

  /** @throws InvalidCursorError, CursorExpiredError */
  async follow<Item>(
    topic: Topic<Item>,
    { after, chainId, connection, since }: Follow,
  ): Promise<AsyncIterableIterator<Message<Item>>> {
    const known = await this.knownRevision({ topic: topic.name, chainId, after, since });
    const user = {};
    return new Following<Message<Item>>({
      chainId,
      log: this.log,
      feed: () => this.feedOf(chainId, user),
      catchingUp: this.catchingUp,
      after: known,
      isWanted: (change) => topic.idsOf(change).length > 0,
      messageOf: (change) => this.messageOf(topic, change),
      onTooSlow: () => connection?.close('TOO_SLOW'),
      onEnd: () => this.leave(chainId, user),
    });
  }

  private async knownRevision(beginning: Beginning): Promise<Revision | null> {
    if (beginning.after === null && beginning.since === null) return null;
    const end = await this.catchingUp.take(null);
    try {
      return await knownRevision(this.log, beginning);
    } finally {
      end();
    }
  }

  onApplicationShutdown(): void {
    for (const { feed } of this.feeds.values()) feed.end();
    this.feeds.clear();
  }

  private feedOf(chainId: number, user: object): ChainFeed {
    const used = this.feeds.get(chainId) ?? { feed: this.begin(chainId), users: new Set() };
    if (used.feed.hasFailed) used.feed = this.begin(chainId);
    this.feeds.set(chainId, used);
    used.users.add(user);
    return used.feed;
  }

  private begin(chainId: number): ChainFeed {
    const { interruptions, limits, log, watch } = this;
    return new ChainFeed(chainId, { log, watch, interruptions, pendingMax: limits.pendingMax });
  }

  private leave(chainId: number, user: object): void {
    const used = this.feeds.get(chainId);
    if (used?.users.delete(user) !== true || used.users.size > 0) return;
    this.feeds.delete(chainId);
    used.feed.end();
  }

  /** Null where nothing of it is left to tell. */
  private async messageOf<Item>(topic: Topic<Item>, change: ChainChange): Promise<Message<Item> | null> {
    const ids = topic.idsOf(change);
    const [items, finality] = await Promise.all([topic.read(change, ids), this.finalityOf(change)]);
    if (items.length === 0 && change.reverted === null) return null;
    const { chainId, place, reverted } = change;
    return {
      cursor: cursorOf(topic.name, chainId, place),
      position: place.position,
      finality,
      retraction:
        reverted === null
          ? null
          : { fromBlock: reverted.fromNumber, toBlock: reverted.toNumber, blockHashes: reverted.hashes, ids },
      items,
    };
  }

  private finalityOf(change: ChainChange): Promise<Finality> {
    const { block, chainId } = change;
    return this.once.get(change, 'finality', async () => ({
      ...finalityOf(block.number, await chainHead(this.readModel, chainId)),
      ...{ blockNumber: block.number, blockHash: block.hash, blockTime: instantOf(block.time) },
    }));
  }
}
