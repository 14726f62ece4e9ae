import { Inject } from '@nestjs/common';
import {
  Args,
  ArgsType,
  Context,
  Field,
  InputType,
  Int,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import type { TokenCreationTerms } from '@abland/domain';
import {
  listTokens,
  platformTotalsOf,
  type ReadModel,
  tokenByAddress,
  topMovers,
  trendingTokens,
  type TokenSort as Sort,
  type TokenStatus as Status,
} from '@abland/projections';
import { SameForAll } from '../answers/same-for-all.js';
import { ChainArgs } from '../served-chains/chain.args.js';
import { PastStates } from '../as-of/past-states.js';
import { StateArgs, StatePageArgs } from '../as-of/as-of.inputs.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { ApiContext } from '../context/api-context.js';
import { Costs } from '../graphql/costs.js';
import { type CountedConnection, parseFirst } from '../graphql/connection.js';
import { AddressScalar, BigIntStringScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { address, optional, same, search, wholeTokens } from '../graphql/filters.js';
import { Finality } from '../served-chains/finality.types.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { PARKED_ABOUT, ParkedMarket } from './parked-market.js';
import { ForeignToken, foreignTokenOf } from './foreign-token.types.js';
import {
  Mover,
  MoverDirection,
  PriceThroughPools,
  Token,
  TokenAnalytics,
  TokenConnection,
  tokenOf,
  TokenSort,
  TokenStatus,
  TrendingToken,
} from './token.types.js';

@InputType()
export class TokenFilterInput {
  @Field(() => String, {
    nullable: true,
    description: 'Part of the name or symbol, or the beginning of the address.',
  })
  search?: string | null;

  @Field(() => AddressScalar, { nullable: true })
  creator?: string | null;

  @Field(() => [TokenStatus], { nullable: true })
  statuses?: Status[] | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description:
      'In whole tokens of the one that it is ranked in, as by MARKET_CAP: those worth at least so much.',
  })
  minMarketCap?: string | null;
}

@ArgsType()
export class TokensArgs extends StatePageArgs {
  @Field(() => TokenFilterInput, { nullable: true })
  filter!: TokenFilterInput | null;

  @Field(() => TokenSort, { nullable: true, defaultValue: 'NEWEST' })
  sort!: Sort | null;
}

@Resolver(() => Token)
export class TokensResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PastStates) private readonly past: PastStates,
    @Inject(ParkedMarket) private readonly parkedMarket: ParkedMarket,
  ) {}

  @SameForAll()
  @Query(() => Token, { nullable: true })
  async token(
    @Args('address', { type: () => AddressScalar }) of: string,
    @Args({ type: () => StateArgs }) { asOf, chainId: asked }: StateArgs,
  ): Promise<Token | null> {
    const { chainId } = this.chains.meant(asked);
    const at = await this.past.asked(chainId, asOf);
    const view = await tokenByAddress(this.readModel, { chainId, address: address(of, 'address'), at });
    return view === null ? null : tokenOf(view, at);
  }

  @SameForAll()
  @Query(() => ForeignToken, {
    nullable: true,
    description: 'A token that the factory did not make, and of which a pool was opened.',
  })
  async foreignToken(
    @Args('address', { type: () => AddressScalar }) at: string,
    @Args({ type: () => ChainArgs }) { chainId: asked }: ChainArgs,
    @Context() { loaders }: ApiContext,
  ): Promise<ForeignToken | null> {
    const { chainId } = this.chains.meant(asked);
    const view = await loaders.of(chainId).foreignToken.load(address(at, 'address'));
    return view === null ? null : foreignTokenOf(chainId, view.address, view);
  }

  @SameForAll()
  @Query(() => TokenConnection)
  async tokens(
    @Args() { asOf, chainId: asked, filter, sort, ...page }: TokensArgs,
    @Context() { loaders }: ApiContext,
  ): Promise<CountedConnection<Token>> {
    const { chainId } = this.chains.meant(asked);
    const at = await this.past.asked(chainId, asOf);
    const wanted = {
      ...optional('search', filter?.search, search),
      ...optional('creator', filter?.creator, address),
      ...optional('statuses', filter?.statuses, same),
      ...optional('minMarketCap', filter?.minMarketCap, wholeTokens),
    };
    const found = await listTokens(this.readModel, {
      chainId,
      filter: wanted,
      sort: sort ?? 'NEWEST',
      now: await loaders.of(chainId, at).now(),
      page: pageRequest(page),
      at,
    });
    const { readModel } = this;
    const isAll = Object.keys(wanted).length === 0;
    return {
      ...connect(found, (view) => tokenOf(view, at)),
      get totalCount() {
        return isAll
          ? platformTotalsOf(readModel, { chainId, at }).then(({ tokens }) => tokens)
          : Promise.resolve(null);
      },
    };
  }

  @SameForAll()
  @Costs({ weight: 200 })
  @Query(() => [TrendingToken], {
    description:
      'Of the 200 tokens of which most was traded in the last 24 hours, by what that is worth times how many times the price of then their price is now.',
  })
  async trendingTokens(
    @Args('limit', { type: () => Int, defaultValue: 10, description: '1 to 50.' }) limit: number,
    @Args({ type: () => ChainArgs }) { chainId: asked }: ChainArgs,
    @Context() { loaders }: ApiContext,
  ): Promise<TrendingToken[]> {
    const { chainId } = this.chains.meant(asked);
    const found = await trendingTokens(this.readModel, {
      chainId,
      limit: parseFirst(limit, 'limit', 50),
      now: await loaders.of(chainId).now(),
    });
    return found.map(({ token, ...figures }) => ({ token: tokenOf(token), ...figures }));
  }

  @SameForAll()
  @Costs({ weight: 200 })
  @Query(() => [Mover], {
    description:
      'Of the 200 tokens of which most was traded in the last 24 hours, those whose price rose or fell most in them.',
  })
  async topMovers(
    @Args('direction', { type: () => MoverDirection }) direction: MoverDirection,
    @Args('limit', { type: () => Int, defaultValue: 10, description: '1 to 50.' }) limit: number,
    @Args({ type: () => ChainArgs }) { chainId: asked }: ChainArgs,
    @Context() { loaders }: ApiContext,
  ): Promise<Mover[]> {
    const { chainId } = this.chains.meant(asked);
    const found = await topMovers(this.readModel, {
      ...{ chainId, direction, limit: parseFirst(limit, 'limit', 50) },
      now: await loaders.of(chainId).now(),
    });
    return found.map(({ token, ...figures }) => ({ token: tokenOf(token), ...figures }));
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'As its creation was asked for here; null for a token made at the contract directly.',
  })
  async description(
    @Parent() { chainId, address }: Token,
    @Context() { loaders }: ApiContext,
  ): Promise<string | null> {
    const creation = await loaders.of(chainId).creation.load(address);
    return (creation?.terms as TokenCreationTerms | undefined)?.description ?? null;
  }

  @ResolveField(() => Boolean, PARKED_ABOUT)
  parked(@Parent() { address, chainId }: Token, @Context() { loaders }: ApiContext): Promise<boolean> {
    return this.parkedMarket.isParked(loaders, { chainId, addressOrId: address });
  }

  @ResolveField(() => Finality)
  finality(
    @Parent() { at, chainId, updatedBlock }: Token,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId, at).finality(updatedBlock);
  }

  @Costs({ weight: 5 })
  @ResolveField(() => TokenAnalytics, { nullable: true })
  analytics(
    @Parent() { address, at, chainId }: Token,
    @Context() { loaders }: ApiContext,
  ): Promise<TokenAnalytics | null> {
    return loaders.of(chainId, at).tokenAnalytics.load(address);
  }

  @Costs({ weight: 20 })
  @ResolveField(() => PriceThroughPools, {
    nullable: true,
    description:
      'What it costs in any token: by their pool, else by way of the token that it is priced in itself, and of the one that this is priced in. Null where that leads nowhere.',
  })
  priceIn(
    @Parent() { address: of, at, chainId }: Token,
    @Args('quoteToken', { type: () => AddressScalar }) quoteToken: string,
    @Context() { loaders }: ApiContext,
  ): Promise<PriceThroughPools | null> {
    return loaders.of(chainId, at).priceIn(address(quoteToken, 'quoteToken'), of);
  }
}
