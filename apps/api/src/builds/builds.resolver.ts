import { Inject } from '@nestjs/common';
import { Context, Query, Resolver, Subscription } from '@nestjs/graphql';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Operators, requireOperator } from '../operations/operators.js';
import { PORT } from '../ports/ports.js';
import { BuildFeed } from './build-feed.js';
import { Projection } from './build.types.js';

/** The read models and their builds; only for operators. */
@Resolver()
export class BuildsResolver {
  constructor(
    @Inject(PORT.operators) private readonly operators: Operators,
    @Inject(BuildFeed) private readonly feed: BuildFeed,
  ) {}

  @Query(() => [Projection], {
    description: 'Every read model by name, with its builds; only for operators.',
  })
  projections(@Caller() caller: string): Promise<readonly Projection[]> {
    requireOperator(this.operators, caller);
    return this.feed.read();
  }

  @Subscription(() => Projection, {
    name: 'projections',
    description:
      'Every read model as it is, then each as it is after a change of its builds; only for operators.',
    resolve: (projection: Projection) => projection,
  })
  follow(@Caller() caller: string, @Context() { connection }: ApiContext): AsyncIterable<Projection> {
    requireOperator(this.operators, caller);
    return this.feed.follow(connection);
  }
}
