import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { listHolders, listHoldings, listPositions, type ReadModel } from '@abland/projections';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { ApiContext } from '../context/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { AddressScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { address } from '../graphql/filters.js';
import { Finality } from '../served-chains/finality.types.js';
import {
  Holding,
  HoldingConnection,
  holdingOf,
  LiquidityPosition,
  LiquidityPositionConnection,
  Portfolio,
  positionNode,
} from './holding.types.js';
import { ChainArgs, ChainPageArgs } from '../served-chains/chain.args.js';
import { PageArgs } from '../graphql/page.args.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { Pool, poolOf } from './pool.types.js';
import { Token, tokenOf } from './token.types.js';

@Resolver(() => Holding)
export class HoldingsResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
  ) {}

  @Query(() => HoldingConnection, { description: 'Who holds a token, the largest balance first.' })
  async holders(
    @Args('token', { type: () => AddressScalar }) token: string,
    @Args({ type: () => ChainPageArgs }) { chainId, ...page }: ChainPageArgs,
  ): Promise<Connection<Holding>> {
    const chain = this.chains.meant(chainId);
    const input = { chainId: chain.chainId, token: address(token, 'token'), page: pageRequest(page) };
    return connect(await listHolders(this.readModel, input), holdingOf);
  }

  @ResolveField(() => Token, { nullable: true })
  async token(
    @Parent() { chainId, tokenAddress }: Holding,
    @Context() { loaders }: ApiContext,
  ): Promise<Token | null> {
    const view = await loaders.of(chainId).token.load(tokenAddress);
    return view === null ? null : tokenOf(view);
  }

  @ResolveField(() => Finality)
  finality(
    @Parent() { chainId, blockNumber }: Holding,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId).finality(blockNumber);
  }
}

@Resolver(() => LiquidityPosition)
export class PositionsResolver {
  @ResolveField(() => Pool, { nullable: true })
  async pool(
    @Parent() { chainId, poolId }: LiquidityPosition,
    @Context() { loaders }: ApiContext,
  ): Promise<Pool | null> {
    const view = await loaders.of(chainId).pool.load(poolId);
    return view === null ? null : poolOf(view);
  }

  @ResolveField(() => Finality)
  finality(
    @Parent() { chainId, blockNumber }: LiquidityPosition,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId).finality(blockNumber);
  }
}

@Resolver(() => Portfolio)
export class PortfolioResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
  ) {}

  @Query(() => Portfolio, { description: 'What an address holds and provides.' })
  portfolio(
    @Args('address', { type: () => AddressScalar }) owner: string,
    @Args({ type: () => ChainArgs }) { chainId }: ChainArgs,
  ): Portfolio {
    return { chainId: this.chains.meant(chainId).chainId, address: address(owner, 'address') };
  }

  @ResolveField(() => HoldingConnection, { description: 'By token address.' })
  async holdings(
    @Parent() { chainId, address: holder }: Portfolio,
    @Args({ type: () => PageArgs }) page: PageArgs,
  ): Promise<Connection<Holding>> {
    const found = await listHoldings(this.readModel, { chainId, holder, page: pageRequest(page) });
    return connect(found, holdingOf);
  }

  @ResolveField(() => LiquidityPositionConnection, { description: 'Open ones, by pool.' })
  async positions(
    @Parent() { chainId, address: owner }: Portfolio,
    @Args({ type: () => PageArgs }) page: PageArgs,
  ): Promise<Connection<LiquidityPosition>> {
    const input = { chainId, filter: { owner }, page: pageRequest(page) };
    return connect(await listPositions(this.readModel, input), positionNode);
  }
}
