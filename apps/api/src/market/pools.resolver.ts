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
import {
  type At,
  listPools,
  platformTotalsOf,
  poolById,
  type PoolSort as Sort,
  type ReadModel,
} from '@abland/projections';
import { InvariantViolation } from '@abland/kernel';
import { SameForAll } from '../answers/same-for-all.js';
import { PastStates } from '../as-of/past-states.js';
import { StateArgs, StatePageArgs } from '../as-of/as-of.inputs.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { ApiContext } from '../context/api-context.js';
import { Costs } from '../graphql/costs.js';
import type { CountedConnection } from '../graphql/connection.js';
import { AddressScalar, HashScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { address, hash, optional } from '../graphql/filters.js';
import { Finality } from '../served-chains/finality.types.js';
import type { ChainLoaders } from '../context/loaders.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { PARKED_ABOUT, ParkedMarket } from './parked-market.js';
import { Pool, PoolAnalytics, PoolConnection, poolOf, PoolSort } from './pool.types.js';
import { ForeignToken, foreignTokenOf } from './foreign-token.types.js';
import { Token, tokenOf } from './token.types.js';

@InputType()
export class PoolFilterInput {
  @Field(() => AddressScalar, { nullable: true, description: 'Either side.' })
  token?: string | null;

  @Field(() => AddressScalar, { nullable: true })
  creator?: string | null;
}

@ArgsType()
export class PoolsArgs extends StatePageArgs {
  @Field(() => PoolFilterInput, { nullable: true })
  filter!: PoolFilterInput | null;

  @Field(() => PoolSort, { nullable: true, defaultValue: 'NEWEST' })
  sort!: Sort | null;
}

/** Anyone may open a pool of any token at the contract. */
const NOT_OURS = 'Null for a token that the factory did not make.';
const STRANGERS = 'The token, where the factory did not make it; else null.';

@Resolver(() => Pool)
export class PoolsResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PastStates) private readonly past: PastStates,
    @Inject(ParkedMarket) private readonly parkedMarket: ParkedMarket,
  ) {}

  @SameForAll()
  @Query(() => Pool, { nullable: true })
  async pool(
    @Args('id', { type: () => HashScalar }) id: string,
    @Args({ type: () => StateArgs }) { asOf, chainId: asked }: StateArgs,
  ): Promise<Pool | null> {
    const { chainId } = this.chains.meant(asked);
    const at = await this.past.asked(chainId, asOf);
    const view = await poolById(this.readModel, { chainId, id: hash(id, 'id'), at });
    return view === null ? null : poolOf(view, at);
  }

  @SameForAll()
  @Query(() => PoolConnection)
  async pools(
    @Args() { asOf, chainId: asked, filter, sort, ...page }: PoolsArgs,
  ): Promise<CountedConnection<Pool>> {
    const { chainId } = this.chains.meant(asked);
    const at = await this.past.asked(chainId, asOf);
    const wanted = {
      ...optional('token', filter?.token, address),
      ...optional('creator', filter?.creator, address),
    };
    const found = await listPools(this.readModel, {
      chainId,
      filter: wanted,
      sort: sort ?? 'NEWEST',
      page: pageRequest(page),
      at,
    });
    const { readModel } = this;
    const isAll = Object.keys(wanted).length === 0;
    return {
      ...connect(found, (view) => poolOf(view, at)),
      get totalCount() {
        return isAll
          ? platformTotalsOf(readModel, { chainId, at }).then(({ pools }) => pools)
          : Promise.resolve(null);
      },
    };
  }

  @ResolveField(() => Token, { nullable: true, description: NOT_OURS })
  tokenA(@Parent() pool: Pool, @Context() { loaders }: ApiContext): Promise<Token | null> {
    return tokenAt(loaders.of(pool.chainId, pool.at), pool.at, pool.tokenAAddress);
  }

  @ResolveField(() => Token, { nullable: true, description: NOT_OURS })
  tokenB(@Parent() pool: Pool, @Context() { loaders }: ApiContext): Promise<Token | null> {
    return tokenAt(loaders.of(pool.chainId, pool.at), pool.at, pool.tokenBAddress);
  }

  @ResolveField(() => ForeignToken, { nullable: true, description: STRANGERS })
  foreignTokenA(@Parent() pool: Pool, @Context() { loaders }: ApiContext): Promise<ForeignToken | null> {
    return foreignTokenAt(loaders.of(pool.chainId, pool.at), pool.chainId, pool.tokenAAddress);
  }

  @ResolveField(() => ForeignToken, { nullable: true, description: STRANGERS })
  foreignTokenB(@Parent() pool: Pool, @Context() { loaders }: ApiContext): Promise<ForeignToken | null> {
    return foreignTokenAt(loaders.of(pool.chainId, pool.at), pool.chainId, pool.tokenBAddress);
  }

  @ResolveField(() => Boolean, PARKED_ABOUT)
  parked(@Parent() { chainId, id }: Pool, @Context() { loaders }: ApiContext): Promise<boolean> {
    return this.parkedMarket.isParked(loaders, { chainId, addressOrId: id });
  }

  @ResolveField(() => Finality, { description: 'Of the newest change of its reserves.' })
  finality(
    @Parent() { at, chainId, updatedBlock }: Pool,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId, at).finality(updatedBlock);
  }

  @Costs({ weight: 5 })
  @ResolveField(() => PoolAnalytics)
  async analytics(
    @Parent() { at, chainId, id }: Pool,
    @Context() { loaders }: ApiContext,
  ): Promise<PoolAnalytics> {
    const found = await loaders.of(chainId, at).poolAnalytics.load(id);
    if (found === null) throw new InvariantViolation('A pool has no figures', { chainId, id });
    return found;
  }
}

async function tokenAt(loaders: ChainLoaders, at: At | null, address: string): Promise<Token | null> {
  const view = await loaders.token.load(address);
  return view === null ? null : tokenOf(view, at);
}

async function foreignTokenAt(
  loaders: ChainLoaders,
  chainId: number,
  at: string,
): Promise<ForeignToken | null> {
  const [ours, view] = await Promise.all([loaders.token.load(at), loaders.foreignToken.load(at)]);
  return ours === null ? foreignTokenOf(chainId, at, view) : null;
}
