import { chainStream } from '@abland/domain';
import type { EventStore, Outages, Revision } from '@abland/kernel';
import { ApiError } from '../errors/api-error.js';
import type { ReadModelWatch } from '../read-positions/read-model-watch.js';
import { type Overflow, Pending } from '../subscriptions/pending.js';
import type { ChainChange } from './changes/chain-change.js';
import { changesIn, CLOSING_TYPES, lastChangePlace, NO_REVISION } from './changes/chain-changes.js';

/** What the answers to those who follow are read from. */
const FOLLOWED = ['swaps', 'candles', 'tokens', 'pools', 'holdings', 'positions', 'markets', 'chain-head'];
/** That the read models may be behind what is to be told. */
const BEHIND_MS_MAX = 30_000;
const BATCH_MAX = 100;

export interface ChainFeedPorts {
  readonly log: EventStore;
  /** Of the database that the answers are read from. */
  readonly watch: Pick<ReadModelWatch, 'reach'>;
  /** Where it is told that it was interrupted. */
  readonly interruptions: Outages;
  /** Changes that may wait for one follower. */
  readonly pendingMax: number;
}

export interface Joining {
  /** The revision of the last change that it knows. */
  readonly after: Revision;
  /** Whether a change is anything to it. */
  readonly isWanted: (change: ChainChange) => boolean;
  readonly onOverflow: Overflow;
}

interface Follower extends Omit<Joining, 'onOverflow'> {
  readonly pending: Pending<ChainChange>;
}

/**
 * Tells the changes of a chain as they come: one reader of the log for all who follow, from the newest change on. A change is
 * told once the read models have it, so that whoever hears of it finds it everywhere. Nothing is kept: who is behind reads the log.
 */
export class ChainFeed {
  private readonly followers = new Set<Follower>();
  private readonly ending = new AbortController();
  private readonly begun = Promise.withResolvers<void>();
  private toldTo: Revision = NO_REVISION;
  private failure: ApiError | null = null;

  constructor(
    private readonly chainId: number,
    private readonly ports: ChainFeedPorts,
  ) {
    this.begun.promise.catch(() => undefined); // told to whoever joins
    void this.run().catch((error: unknown) => this.fail(error));
  }

  /** Settles once it is known up to which change all was told. @throws ApiError SERVICE_UNAVAILABLE */
  get ready(): Promise<void> {
    return this.begun.promise;
  }

  get hasFailed(): boolean {
    return this.failure !== null;
  }

  /** Up to which change those who follow were told. */
  get revision(): Revision {
    return this.toldTo;
  }

  /**
   * All changes after the one that the follower knows, as they come; null where some were told already.
   * @throws ApiError SERVICE_UNAVAILABLE where it failed
   */
  join({ after, isWanted, onOverflow }: Joining): Pending<ChainChange> | null {
    if (this.failure !== null) throw this.failure;
    if (after < this.toldTo) return null;
    const pending: Pending<ChainChange> = new Pending<ChainChange>(
      this.ports.pendingMax,
      () => this.followers.delete(follower),
      onOverflow,
    );
    const follower: Follower = { after, isWanted, pending };
    this.followers.add(follower);
    if (this.ending.signal.aborted) void pending.return();
    return pending;
  }

  end(): void {
    this.ending.abort();
    for (const { pending } of this.followers) void pending.return();
  }

  private async run(): Promise<void> {
    const { chainId, ending, ports } = this;
    const { signal } = ending;
    const last = await lastChangePlace(ports.log, chainId);
    if (last !== null) await this.readModelsAt(last.position);
    this.toldTo = last?.revision ?? NO_REVISION;
    this.begun.resolve();
    const stream = chainStream(chainId);
    const filter = { types: CLOSING_TYPES, streamPrefixes: [stream] };
    const after = last === null ? {} : { after: last.position };
    const following = ports.log.subscribeToAll({ ...after, filter, batchSize: BATCH_MAX, signal });
    for await (const { events } of following) {
      const closing = events.findLast((event) => event.stream === stream);
      if (closing === undefined || closing.revision <= this.toldTo) continue;
      await this.readModelsAt(closing.position);
      const span = { chainId, after: this.toldTo, until: closing.revision };
      for await (const change of changesIn(ports.log, span)) this.tell(change);
    }
  }

  private async readModelsAt(position: bigint): Promise<void> {
    const patience = { projections: FOLLOWED, withinMs: BEHIND_MS_MAX, signal: this.ending.signal };
    await this.ports.watch.reach(position, patience);
  }

  private tell(change: ChainChange): void {
    const { revision } = change.place;
    this.toldTo = revision;
    for (const { after, isWanted, pending } of this.followers) {
      if (revision > after && isWanted(change)) pending.push(`${revision}`, change);
    }
  }

  /** Whoever follows is told that it ended, and goes on from its cursor. */
  private fail(error: unknown): void {
    if (this.ending.signal.aborted) return this.begun.resolve();
    this.ports.interruptions.note(error, { chainId: this.chainId });
    this.failure = new ApiError(
      'SERVICE_UNAVAILABLE',
      'Following was interrupted; go on from the last cursor',
    );
    this.begun.reject(this.failure);
    for (const { pending } of [...this.followers]) pending.fail(this.failure);
    this.ending.abort();
  }
}
