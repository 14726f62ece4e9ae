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
import {
  CANDLES_MAX,
  listCandles,
  listSwaps,
  type CandleInterval as Interval,
  type ReadModel,
} from '@abland/projections';
import { SameForAll } from '../answers/same-for-all.js';
import { ApiError } from '../errors/api-error.js';
import { StateArgs } from '../as-of/as-of.inputs.js';
import { PastStates } from '../as-of/past-states.js';
import { ChainPageArgs } from '../served-chains/chain.args.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { ApiContext } from '../context/api-context.js';
import { Costs } from '../graphql/costs.js';
import { type Connection, parseFirst } from '../graphql/connection.js';
import { AddressScalar, BigIntStringScalar, DateTimeScalar, HashScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { address, hash, optional } from '../graphql/filters.js';
import { Finality } from '../served-chains/finality.types.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { seconds } from './history.args.js';
import { quoteOf, ROUTE_POOLS_MAX, routeQuoteOf } from './quote.js';
import { Quote, RouteQuote } from './quote.types.js';
import { Candle, CandleInterval, candleOf, Swap, SwapConnection, swapOf } from './swap.types.js';

@ArgsType()
export class QuoteArgs extends StateArgs {
  @Field(() => AddressScalar)
  tokenIn!: string;

  @Field(() => AddressScalar)
  tokenOut!: string;

  @Field(() => BigIntStringScalar, { nullable: true, description: 'Give this or amountOut.' })
  amountIn!: string | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'At least this much; the least amountIn for it is told.',
  })
  amountOut!: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'For amountOutMin.' })
  slippageBps!: number | null;
}

@ArgsType()
export class RouteQuoteArgs extends StateArgs {
  @Field(() => [AddressScalar], {
    description: `From the first to the last, each next to one that it has a pool with; 2 to ${ROUTE_POOLS_MAX + 1}, and no pool twice.`,
  })
  tokens!: string[];

  @Field(() => BigIntStringScalar, { nullable: true, description: 'Give this or amountOut.' })
  amountIn!: string | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'Exactly this much; the least amountIn for it is told.',
  })
  amountOut!: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'For amountOutMin and amountInMax.' })
  slippageBps!: number | null;
}

@InputType()
export class SwapFilterInput {
  @Field(() => HashScalar, { nullable: true })
  poolId?: string | null;

  @Field(() => AddressScalar, { nullable: true })
  user?: string | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Bought or sold.' })
  token?: string | null;
}

@ArgsType()
export class SwapsArgs extends ChainPageArgs {
  @Field(() => SwapFilterInput, { nullable: true })
  filter!: SwapFilterInput | null;
}

@ArgsType()
export class CandlesArgs extends StateArgs {
  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => CandleInterval)
  interval!: Interval;

  @Field(() => DateTimeScalar)
  from!: string;

  @Field(() => DateTimeScalar, { description: 'Excluded.' })
  to!: string;

  @Field(() => Int, { nullable: true, defaultValue: 500, description: 'The newest so many, 1 to 1000.' })
  limit!: number | null;
}

@Resolver(() => Swap)
export class SwapsResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
  ) {}

  @SameForAll()
  @Query(() => SwapConnection, { description: 'Newest first, by place on the chain.' })
  async swaps(@Args() { chainId, filter, ...page }: SwapsArgs): Promise<Connection<Swap>> {
    const found = await listSwaps(this.readModel, {
      chainId: this.chains.meant(chainId).chainId,
      filter: {
        ...optional('poolId', filter?.poolId, hash),
        ...optional('user', filter?.user, address),
        ...optional('token', filter?.token, address),
      },
      page: pageRequest(page),
    });
    return connect(found, swapOf);
  }

  @ResolveField(() => Finality)
  finality(@Parent() { chainId, blockNumber }: Swap, @Context() { loaders }: ApiContext): Promise<Finality> {
    return loaders.of(chainId).finality(blockNumber);
  }
}

@Resolver(() => Candle)
export class CandlesResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PastStates) private readonly past: PastStates,
  ) {}

  @SameForAll()
  @Query(() => [Candle], { description: 'Oldest first.' })
  async candles(@Args() { asOf, chainId: asked, poolId, interval, ...args }: CandlesArgs): Promise<Candle[]> {
    const from = seconds(args.from, 'from');
    const to = seconds(args.to, 'to');
    if (to <= from) throw new ApiError('INVALID_ARGUMENT', 'to is after from', 'to');
    const limit = parseFirst(args.limit ?? 500, 'limit', CANDLES_MAX);
    const { chainId } = this.chains.meant(asked);
    const at = await this.past.asked(chainId, asOf);
    const found = await listCandles(this.readModel, {
      at,
      chainId,
      poolId: hash(poolId, 'poolId'),
      interval,
      from,
      to,
      limit,
    });
    return found.map((view) => candleOf(view, at));
  }

  @ResolveField(() => Finality, { description: 'Of the newest swap in it.' })
  finality(
    @Parent() { at, chainId, blockNumber }: Candle,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId, at).finality(blockNumber);
  }
}

@Resolver(() => Quote)
export class QuoteResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PastStates) private readonly past: PastStates,
  ) {}

  @SameForAll()
  @Query(() => Quote, { description: 'Refused with PAUSED where the contract would swap nothing.' })
  async quote(@Args() args: QuoteArgs): Promise<Quote> {
    const chain = this.chains.meant(args.chainId);
    return quoteOf(this.readModel, { ...args, chain, at: await this.past.asked(chain.chainId, args.asOf) });
  }

  @Costs({ weight: 5 })
  @SameForAll()
  @Query(() => RouteQuote, { description: 'Refused with PAUSED where the contract would swap nothing.' })
  async quoteRoute(@Args() args: RouteQuoteArgs): Promise<RouteQuote> {
    const chain = this.chains.meant(args.chainId);
    const at = await this.past.asked(chain.chainId, args.asOf);
    return routeQuoteOf(this.readModel, { ...args, chain, at });
  }

  @ResolveField(() => Finality, { description: 'Of the reserves that it was reckoned from.' })
  finality(
    @Parent() { at, chainId, poolBlock }: Quote,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId, at).finality(poolBlock);
  }
}
