import { Inject } from '@nestjs/common';
import { Context, Query, Resolver, Subscription } from '@nestjs/graphql';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Operators, requireOperator } from '../operations/operators.js';
import { PORT } from '../ports/ports.js';
import { PipelineFeed } from './pipeline-feed.js';
import { Pipeline, PipelineHistory } from './pipeline.types.js';

/** The pipeline from the chain to the answers; only for operators. */
@Resolver()
export class PipelineResolver {
  constructor(
    @Inject(PORT.operators) private readonly operators: Operators,
    @Inject(PipelineFeed) private readonly feed: PipelineFeed,
  ) {}

  @Query(() => Pipeline, { description: 'Where every step of the pipeline is now; only for operators.' })
  pipeline(@Caller() caller: string): Promise<Pipeline> {
    requireOperator(this.operators, caller);
    return this.feed.read();
  }

  @Query(() => [PipelineHistory], {
    description: 'Every step in the last hour, a sample each ten seconds; only for operators.',
  })
  pipelineHistory(@Caller() caller: string): Promise<readonly PipelineHistory[]> {
    requireOperator(this.operators, caller);
    return this.feed.history();
  }

  @Subscription(() => Pipeline, {
    name: 'pipeline',
    description: 'Where every step of the pipeline is, each second; only for operators.',
    resolve: (pipeline: Pipeline) => pipeline,
  })
  follow(@Caller() caller: string, @Context() { connection }: ApiContext): AsyncIterable<Pipeline> {
    requireOperator(this.operators, caller);
    return this.feed.follow(connection);
  }
}
