import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { countHolders, listHolders, listHoldings, listPositions, type ReadModel } from '@abland/projections';
import { SameForAll } from '../answers/same-for-all.js';
import { PastStates } from '../as-of/past-states.js';
import { StateArgs, StatePageArgs } from '../as-of/as-of.inputs.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { ApiContext } from '../context/api-context.js';
import type { Connection, CountedConnection } from '../graphql/connection.js';
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
import { PageArgs } from '../graphql/page.args.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { Pool, poolOf } from './pool.types.js';
import { Token, tokenOf } from './token.types.js';

@Resolver(() => Holding)
export class HoldingsResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PastStates) private readonly past: PastStates,
  ) {}

  @SameForAll()
  @Query(() => HoldingConnection, { description: 'Who holds a token, the largest balance first.' })
  async holders(
    @Args('token', { type: () => AddressScalar }) token: string,
    @Args({ type: () => StatePageArgs }) { asOf, chainId: asked, ...page }: StatePageArgs,
  ): Promise<CountedConnection<Holding>> {
    const { chainId } = this.chains.meant(asked);
    const at = await this.past.asked(chainId, asOf);
    const of = { chainId, token: address(token, 'token'), at };
    const { readModel } = this;
    const found = await listHolders(readModel, { ...of, page: pageRequest(page) });
    return {
      ...connect(found, (view) => holdingOf(view, at)),
      get totalCount() {
        return countHolders(readModel, of);
      },
    };
  }

  @ResolveField(() => Token, { nullable: true })
  async token(
    @Parent() { at, chainId, tokenAddress }: Holding,
    @Context() { loaders }: ApiContext,
  ): Promise<Token | null> {
    const view = await loaders.of(chainId, at).token.load(tokenAddress);
    return view === null ? null : tokenOf(view, at);
  }

  @ResolveField(() => Finality)
  finality(
    @Parent() { at, chainId, blockNumber }: Holding,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId, at).finality(blockNumber);
  }
}

@Resolver(() => LiquidityPosition)
export class PositionsResolver {
  @ResolveField(() => Pool, { nullable: true })
  async pool(
    @Parent() { at, chainId, poolId }: LiquidityPosition,
    @Context() { loaders }: ApiContext,
  ): Promise<Pool | null> {
    const view = await loaders.of(chainId, at).pool.load(poolId);
    return view === null ? null : poolOf(view, at);
  }

  @ResolveField(() => Finality)
  finality(
    @Parent() { at, chainId, blockNumber }: LiquidityPosition,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId, at).finality(blockNumber);
  }
}

@Resolver(() => Portfolio)
export class PortfolioResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PastStates) private readonly past: PastStates,
  ) {}

  @SameForAll()
  @Query(() => Portfolio, { description: 'What an address holds and provides.' })
  async portfolio(
    @Args('address', { type: () => AddressScalar }) owner: string,
    @Args({ type: () => StateArgs }) { asOf, chainId: asked }: StateArgs,
  ): Promise<Portfolio> {
    const { chainId } = this.chains.meant(asked);
    const input = { chainId, address: address(owner, 'address') };
    return { ...input, at: await this.past.asked(chainId, asOf) };
  }

  @ResolveField(() => HoldingConnection, { description: 'By token address.' })
  async holdings(
    @Parent() { at, chainId, address: holder }: Portfolio,
    @Args({ type: () => PageArgs }) page: PageArgs,
  ): Promise<Connection<Holding>> {
    const found = await listHoldings(this.readModel, { chainId, holder, page: pageRequest(page), at });
    return connect(found, (view) => holdingOf(view, at));
  }

  @ResolveField(() => LiquidityPositionConnection, { description: 'Open ones, by pool.' })
  async positions(
    @Parent() { at, chainId, address: owner }: Portfolio,
    @Args({ type: () => PageArgs }) page: PageArgs,
  ): Promise<Connection<LiquidityPosition>> {
    const input = { chainId, filter: { owner }, page: pageRequest(page), at };
    return connect(await listPositions(this.readModel, input), (view) => positionNode(view, at));
  }
}
