import { REQUEST_VERSIONS, REQUESTED_TYPES } from '@abland/domain';
import { type EventBatch, type EventStore, type Logger, Outages } from '@abland/kernel';
import { type ReadModel, requestsByIds, type RequestView } from '@abland/projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ApiError } from '../errors/api-error.js';
import type { SubscriberSocket } from '../subscriptions/subscriber-socket.js';
import { SUBSCRIPTION_LIMITS, type SubscriptionLimits } from '../subscriptions/subscription-limits.js';
import { Pending } from '../subscriptions/pending.js';
import { PORT } from '../ports/ports.js';
import type { ReadModelWatch } from '../read-positions/read-model-watch.js';

/** Whatever changes a command, a refusal of it too. */
const TYPES = [...REQUESTED_TYPES, ...Object.keys(REQUEST_VERSIONS), 'CommandRejected'];
const BATCH_MAX = 100;
/** That the read models may be behind what is to be told. */
const BEHIND_MS_MAX = 30_000;

interface Follower {
  readonly requester: string;
  readonly chainId: number;
  readonly pending: Pending<RequestView>;
}

/**
 * Tells followers of commands that changed: one subscription to the log for all of them, which is there while anyone follows.
 * A change is told when the read models have it, so that whoever hears of it finds it everywhere.
 */
@Injectable()
export class CommandFeed implements OnApplicationShutdown {
  private readonly followers = new Set<Follower>();
  private following: AbortController | null = null;
  private readonly interruptions: Outages;

  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.commandReadModel) private readonly readModel: ReadModel,
    @Inject(PORT.commandWatch) private readonly watch: ReadModelWatch,
    @Inject(SUBSCRIPTION_LIMITS) private readonly limits: SubscriptionLimits,
    @Inject(PORT.logger) logger: Logger,
  ) {
    this.interruptions = new Outages({ logger, message: 'following commands was interrupted' });
  }

  /** The commands of a person to a chain, each as it is after a change of it. */
  follow(
    requester: string,
    chainId: number,
    connection: SubscriberSocket | null,
  ): AsyncIterableIterator<RequestView> {
    const pending = new Pending<RequestView>(
      this.limits.pendingMax,
      () => this.leave(follower),
      () => connection?.close('TOO_SLOW'),
    );
    const follower: Follower = { requester, chainId, pending };
    this.followers.add(follower);
    this.following ??= this.start();
    return pending;
  }

  onApplicationShutdown(): void {
    for (const { pending } of this.followers) void pending.return();
  }

  private leave(follower: Follower): void {
    this.followers.delete(follower);
    if (this.followers.size > 0) return;
    this.following?.abort();
    this.following = null;
  }

  private start(): AbortController {
    const ending = new AbortController();
    void this.run(ending.signal).catch((error: unknown) => this.fail(ending, error));
    return ending;
  }

  private async run(signal: AbortSignal): Promise<void> {
    const head = await this.log.head();
    const after = head === null ? {} : { after: head };
    const filter = { types: TYPES };
    for await (const batch of this.log.subscribeToAll({ ...after, filter, batchSize: BATCH_MAX, signal })) {
      await this.tell(batch, signal);
    }
  }

  private async tell({ events }: EventBatch, signal: AbortSignal): Promise<void> {
    const last = events.at(-1);
    if (last === undefined) return;
    await this.watch.reach(last.position, { projections: ['requests'], withinMs: BEHIND_MS_MAX, signal });
    const ids = new Set(events.map(({ data }) => String(data['commandId'])));
    for (const view of await requestsByIds(this.readModel, [...ids])) this.pass(view);
  }

  private pass(view: RequestView): void {
    for (const { requester, chainId, pending } of this.followers) {
      if (requester === view.requester && chainId === view.chainId) pending.push(view.id, view);
    }
  }

  /** Whoever follows is told that it ended, and may ask again. */
  private fail(ending: AbortController, error: unknown): void {
    if (ending.signal.aborted) return;
    this.interruptions.note(error);
    const interrupted = new ApiError('SERVICE_UNAVAILABLE', 'Following was interrupted; ask again');
    for (const { pending } of [...this.followers]) pending.fail(interrupted);
  }
}
