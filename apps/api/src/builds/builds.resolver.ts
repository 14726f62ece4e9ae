import { Inject } from '@nestjs/common';
import { buildDifferences, differenceReports } from '@abland/projections';
import { Args, Context, Int, Query, Resolver, Subscription } from '@nestjs/graphql';
import type pg from 'pg';
import { type ApiContext, CallerSession } from '../context/api-context.js';
import { parseFirst } from '../graphql/connection.js';
import { PORT } from '../ports/ports.js';
import { Roles } from '../roles/roles.js';
import type { SignedInSession } from '../sessions/session.js';
import { ReadSlots } from '../reading/read-slots.js';
import { BuildFeed } from './build-feed.js';
import { Projection } from './build.types.js';
import { BuildDifferences, DifferenceReport, differencesView, reportView } from './differences.types.js';

/** Below the time of a request, whose answer nobody waits for any longer. What takes longer is asked at a terminal. */
const COMPARED_WITHIN_MS = 10_000;
const REPORTS_MAX = 50;
/** All rows of two builds are read. */
const COMPARING = { max: 1, waitersMax: 4, waitMs: 5_000 };

/** The read models and their builds; only for operators and auditors. */
@Resolver()
export class BuildsResolver {
  private readonly comparing = new ReadSlots(COMPARING);

  constructor(
    @Inject(Roles) private readonly roles: Roles,
    @Inject(BuildFeed) private readonly feed: BuildFeed,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
  ) {}

  @Query(() => [Projection], {
    description: 'Every read model by name, with its builds; only for operators and auditors.',
  })
  async projections(@CallerSession() caller: SignedInSession): Promise<readonly Projection[]> {
    await this.roles.require(caller, 'READ_INTERNAL');
    return this.feed.read();
  }

  @Query(() => BuildDifferences, {
    description:
      'A build that is READY beside the live one, both after the same event: all rows are read. Only for operators and auditors.',
  })
  async projectionDifferences(
    @CallerSession() caller: SignedInSession,
    @Args('projection', { type: () => String }) projection: string,
    @Args('build', { type: () => Int, nullable: true, description: 'Its number, where several are READY.' })
    build: number | null,
  ): Promise<BuildDifferences> {
    await this.roles.require(caller, 'READ_INTERNAL');
    const end = await this.comparing.take(null);
    try {
      const options = { build: build ?? undefined, withinMs: COMPARED_WITHIN_MS };
      return differencesView(await buildDifferences(this.pool, projection, options));
    } finally {
      end();
    }
  }

  @Query(() => [DifferenceReport], {
    description:
      'What was found of the builds of a read model that became READY, the newest first. Only for operators and auditors.',
  })
  async differenceReports(
    @CallerSession() caller: SignedInSession,
    @Args('projection', { type: () => String }) projection: string,
    @Args('limit', { type: () => Int, defaultValue: 5, description: '1 to 50.' }) limit: number,
  ): Promise<readonly DifferenceReport[]> {
    await this.roles.require(caller, 'READ_INTERNAL');
    const reports = await differenceReports(this.pool, projection, parseFirst(limit, 'limit', REPORTS_MAX));
    return reports.map(reportView);
  }

  @Subscription(() => Projection, {
    name: 'projections',
    description:
      'Every read model as it is, then each as it is after a change of its builds; only for operators and auditors.',
    resolve: (projection: Projection) => projection,
  })
  async follow(
    @CallerSession() caller: SignedInSession,
    @Context() { connection }: ApiContext,
  ): Promise<AsyncIterable<Projection>> {
    await this.roles.require(caller, 'READ_INTERNAL');
    return this.feed.follow(connection);
  }
}
