import type { EventStore, Logger } from '@abland/kernel';
import { listBuilds } from '@abland/projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { PORT } from '../ports/ports.js';
import type { Pending } from '../subscriptions/pending.js';
import { SharedLook } from '../subscriptions/shared-look.js';
import type { SubscriberSocket } from '../subscriptions/subscriber-socket.js';
import { knownAnswersVersions } from './known-answers-versions.js';
import { type Projection, projectionsOf } from './build.types.js';

const LOOK_EVERY_MS = 150;
/** Values wait under the names of projections: so many are more than there are. */
const PENDING_MAX = 1_000;

/** Tells followers how the builds are, and of each change. */
@Injectable()
export class BuildFeed implements OnApplicationShutdown {
  private readonly versions: () => Promise<ReadonlyMap<string, string>>;
  private readonly shared: SharedLook<readonly TextedProjection[], Projection>;

  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
    @Inject(PORT.readPool) readPool: pg.Pool,
    @Inject(PORT.logger) logger: Logger,
  ) {
    this.versions = knownAnswersVersions(readPool, logger);
    this.shared = new SharedLook<readonly TextedProjection[], Projection>({
      ...{ name: 'builds', everyMs: LOOK_EVERY_MS, pendingMax: PENDING_MAX, logger },
      look: async () => (await this.read()).map((one) => ({ one, text: textOf(one) })),
      teller: tellerOfChanges,
    });
  }

  /** Every projection as it is, then each as it is after a change of its builds. */
  follow(connection: SubscriberSocket | null): AsyncIterableIterator<Projection> {
    return this.shared.follow(connection);
  }

  /** As they are now, by name. */
  async read(): Promise<readonly Projection[]> {
    const versions = await this.versions();
    return projectionsOf(await listBuilds(this.pool, await this.log.head()), versions);
  }

  onApplicationShutdown(): void {
    this.shared.end();
  }
}

interface TextedProjection {
  readonly one: Projection;
  readonly text: string;
}

function tellerOfChanges(pending: Pending<Projection>): (projections: readonly TextedProjection[]) => void {
  const told = new Map<string, string>();
  return (projections) => {
    for (const { one, text } of projections) {
      if (told.get(one.name) === text) continue;
      told.set(one.name, text);
      pending.push(one.name, one);
    }
  };
}

const textOf = (projection: Projection): string =>
  JSON.stringify(projection, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
