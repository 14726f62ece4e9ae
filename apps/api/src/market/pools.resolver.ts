import { Inject } from '@nestjs/common';
import {
  Args,
  ArgsType,
  Context,
  Field,
  InputType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { listPools, poolById, type PoolSort as Sort } from '@abland/projections';
import { InvariantViolation } from '@abland/kernel';
import type { ApiContext } from '../graphql/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { AddressScalar, HashScalar } from '../graphql/scalars.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import { address, hash, optional } from './filters.js';
import { Finality } from './finality.types.js';
import type { MarketLoaders } from './loaders.js';
import { PageArgs } from './page.args.js';
import { connect, pageRequest } from './page-request.js';
import { Pool, PoolAnalytics, PoolConnection, poolOf, PoolSort } from './pool.types.js';
import { Token, tokenOf } from './token.types.js';

@InputType()
export class PoolFilterInput {
  @Field(() => AddressScalar, { nullable: true, description: 'Either side.' })
  token?: string | null;

  @Field(() => AddressScalar, { nullable: true })
  creator?: string | null;
}

@ArgsType()
export class PoolsArgs extends PageArgs {
  @Field(() => PoolFilterInput, { nullable: true })
  filter!: PoolFilterInput | null;

  @Field(() => PoolSort, { nullable: true, defaultValue: 'NEWEST' })
  sort!: Sort | null;
}

@Resolver(() => Pool)
export class PoolsResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => Pool, { nullable: true })
  async pool(@Args('id', { type: () => HashScalar }) id: string): Promise<Pool | null> {
    const view = await poolById(this.api.readModel, hash(id, 'id'));
    return view === null ? null : poolOf(view);
  }

  @Query(() => PoolConnection)
  async pools(@Args() { filter, sort, ...page }: PoolsArgs): Promise<Connection<Pool>> {
    const found = await listPools(this.api.readModel, {
      filter: {
        ...optional('token', filter?.token, address),
        ...optional('creator', filter?.creator, address),
      },
      sort: sort ?? 'NEWEST',
      page: pageRequest(page),
    });
    return connect(found, poolOf);
  }

  @ResolveField(() => Token)
  tokenA(@Parent() pool: Pool, @Context() { loaders }: ApiContext): Promise<Token> {
    return tokenAt(loaders, pool.tokenAAddress);
  }

  @ResolveField(() => Token)
  tokenB(@Parent() pool: Pool, @Context() { loaders }: ApiContext): Promise<Token> {
    return tokenAt(loaders, pool.tokenBAddress);
  }

  @ResolveField(() => Finality, { description: 'Of the newest change of its reserves.' })
  finality(@Parent() { updatedBlock }: Pool, @Context() { loaders }: ApiContext): Promise<Finality> {
    return loaders.finality(updatedBlock);
  }

  @ResolveField(() => PoolAnalytics)
  async analytics(@Parent() { id }: Pool, @Context() { loaders }: ApiContext): Promise<PoolAnalytics> {
    const found = await loaders.poolAnalytics.load(id);
    if (found === null) throw new InvariantViolation('A pool has no figures', { id });
    return found;
  }
}

async function tokenAt(loaders: MarketLoaders, at: string): Promise<Token> {
  const view = await loaders.token.load(at);
  if (view === null) throw new InvariantViolation('A pool holds a token that nobody knows', { token: at });
  return tokenOf(view);
}
