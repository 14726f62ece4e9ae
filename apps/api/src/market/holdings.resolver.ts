import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { listHolders, listHoldings, listPositions } from '@abland/projections';
import type { ApiContext } from '../graphql/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { AddressScalar } from '../graphql/scalars.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import { address } from './filters.js';
import { Finality } from './finality.types.js';
import {
  Holding,
  HoldingConnection,
  holdingOf,
  LiquidityPosition,
  LiquidityPositionConnection,
  Portfolio,
  positionNode,
} from './holding.types.js';
import { PageArgs } from './page.args.js';
import { connect, pageRequest } from './page-request.js';
import { Pool, poolOf } from './pool.types.js';
import { Token, tokenOf } from './token.types.js';

@Resolver(() => Holding)
export class HoldingsResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => HoldingConnection, { description: 'Who holds a token, the largest balance first.' })
  async holders(
    @Args('token', { type: () => AddressScalar }) token: string,
    @Args({ type: () => PageArgs }) page: PageArgs,
  ): Promise<Connection<Holding>> {
    const input = { token: address(token, 'token'), page: pageRequest(page) };
    return connect(await listHolders(this.api.readModel, input), holdingOf);
  }

  @ResolveField(() => Token, { nullable: true })
  async token(@Parent() holding: Holding, @Context() { loaders }: ApiContext): Promise<Token | null> {
    const view = await loaders.token.load(holding.tokenAddress);
    return view === null ? null : tokenOf(view);
  }

  @ResolveField(() => Finality)
  finality(@Parent() { blockNumber }: Holding, @Context() { loaders }: ApiContext): Promise<Finality> {
    return loaders.finality(blockNumber);
  }
}

@Resolver(() => LiquidityPosition)
export class PositionsResolver {
  @ResolveField(() => Pool, { nullable: true })
  async pool(
    @Parent() position: LiquidityPosition,
    @Context() { loaders }: ApiContext,
  ): Promise<Pool | null> {
    const view = await loaders.pool.load(position.poolId);
    return view === null ? null : poolOf(view);
  }

  @ResolveField(() => Finality)
  finality(
    @Parent() { blockNumber }: LiquidityPosition,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.finality(blockNumber);
  }
}

@Resolver(() => Portfolio)
export class PortfolioResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => Portfolio, { description: 'What an address holds and provides.' })
  portfolio(@Args('address', { type: () => AddressScalar }) owner: string): Portfolio {
    return { address: address(owner, 'address') };
  }

  @ResolveField(() => HoldingConnection, { description: 'By token address.' })
  async holdings(
    @Parent() { address: holder }: Portfolio,
    @Args({ type: () => PageArgs }) page: PageArgs,
  ): Promise<Connection<Holding>> {
    const found = await listHoldings(this.api.readModel, { holder, page: pageRequest(page) });
    return connect(found, holdingOf);
  }

  @ResolveField(() => LiquidityPositionConnection, { description: 'Open ones, by pool.' })
  async positions(
    @Parent() { address: owner }: Portfolio,
    @Args({ type: () => PageArgs }) page: PageArgs,
  ): Promise<Connection<LiquidityPosition>> {
    const input = { filter: { owner }, page: pageRequest(page) };
    return connect(await listPositions(this.api.readModel, input), positionNode);
  }
}
