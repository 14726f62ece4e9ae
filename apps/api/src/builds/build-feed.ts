import { type EventStore, type Logger, systemTiming } from '@abland/kernel';
import { listBuilds } from '@abland/projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { ApiError } from '../errors/api-error.js';
import { PORT } from '../ports/ports.js';
import { Pending } from '../subscriptions/pending.js';
import type { SubscriberSocket } from '../subscriptions/subscriber-socket.js';
import { type Projection, projectionsOf } from './build.types.js';

const LOOK_EVERY_MS = 150;
/** Values wait under the names of projections: so many are more than there are. */
const PENDING_MAX = 1_000;

interface Follower {
  readonly pending: Pending<Projection>;
  /** What each projection was told as, by its name. */
  readonly told: Map<string, string>;
}

/** Tells followers how the builds are, and of each change: one look for all of them, while anyone follows. */
@Injectable()
export class BuildFeed implements OnApplicationShutdown {
  private readonly followers = new Set<Follower>();
  private looking: AbortController | null = null;

  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
    @Inject(PORT.logger) private readonly logger: Logger,
  ) {}

  /** Every projection as it is, then each as it is after a change of its builds. */
  follow(connection: SubscriberSocket | null): AsyncIterableIterator<Projection> {
    const pending = new Pending<Projection>(
      PENDING_MAX,
      () => this.leave(follower),
      () => connection?.close('TOO_SLOW'),
    );
    const follower: Follower = { pending, told: new Map() };
    this.followers.add(follower);
    this.looking ??= this.start();
    return pending;
  }

  /** As they are now, by name. */
  async read(): Promise<readonly Projection[]> {
    return projectionsOf(await listBuilds(this.pool, await this.log.head()));
  }

  onApplicationShutdown(): void {
    for (const { pending } of this.followers) void pending.return();
  }

  private leave(follower: Follower): void {
    this.followers.delete(follower);
    if (this.followers.size > 0) return;
    this.looking?.abort();
    this.looking = null;
  }

  private start(): AbortController {
    const ending = new AbortController();
    void this.run(ending.signal).catch((error: unknown) => this.fail(ending, error));
    return ending;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const projections = (await this.read()).map((one) => ({ one, text: textOf(one) }));
      for (const { pending, told } of this.followers) {
        for (const { one, text } of projections) {
          if (told.get(one.name) === text) continue;
          told.set(one.name, text);
          pending.push(one.name, one);
        }
      }
      await systemTiming.pause(LOOK_EVERY_MS, signal);
    }
  }

  /** Whoever follows is told that it ended, and may ask again. */
  private fail(ending: AbortController, error: unknown): void {
    if (ending.signal.aborted) return;
    this.logger.warn({ err: error }, 'following builds was interrupted');
    const interrupted = new ApiError('SERVICE_UNAVAILABLE', 'Following was interrupted; ask again');
    for (const { pending } of [...this.followers]) pending.fail(interrupted);
  }
}

const textOf = (projection: Projection): string =>
  JSON.stringify(projection, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
