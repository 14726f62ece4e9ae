import { Inject } from '@nestjs/common';
import { Context, Query, Resolver, Subscription } from '@nestjs/graphql';
import { type ApiContext, CallerSession } from '../context/api-context.js';
import { Roles } from '../roles/roles.js';
import type { SignedInSession } from '../sessions/session.js';
import { PipelineFeed } from './pipeline-feed.js';
import { Pipeline, PipelineHistory } from './pipeline.types.js';

/** The pipeline from the chain to the answers; only for operators and auditors. */
@Resolver()
export class PipelineResolver {
  constructor(
    @Inject(Roles) private readonly roles: Roles,
    @Inject(PipelineFeed) private readonly feed: PipelineFeed,
  ) {}

  @Query(() => Pipeline, {
    description: 'Where every step of the pipeline is now; only for operators and auditors.',
  })
  async pipeline(@CallerSession() caller: SignedInSession): Promise<Pipeline> {
    await this.roles.require(caller, 'READ_INTERNAL');
    return this.feed.read();
  }

  @Query(() => [PipelineHistory], {
    description: 'Every step in the last hour, a sample each ten seconds; only for operators and auditors.',
  })
  async pipelineHistory(@CallerSession() caller: SignedInSession): Promise<readonly PipelineHistory[]> {
    await this.roles.require(caller, 'READ_INTERNAL');
    return this.feed.history();
  }

  @Subscription(() => Pipeline, {
    name: 'pipeline',
    description: 'Where every step of the pipeline is, each second; only for operators and auditors.',
    resolve: (pipeline: Pipeline) => pipeline,
  })
  async follow(
    @CallerSession() caller: SignedInSession,
    @Context() { connection }: ApiContext,
  ): Promise<AsyncIterable<Pipeline>> {
    await this.roles.require(caller, 'READ_INTERNAL');
    return this.feed.follow(connection);
  }
}
