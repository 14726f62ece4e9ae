import { Inject } from '@nestjs/common';
import { Args, ArgsType, Context, Field, Query, Resolver } from '@nestjs/graphql';
import { spotPrice, worthAt } from '@abland/domain';
import {
  poolById,
  poolHistory,
  type PoolView,
  positionHistory,
  profitOf,
  type ReadModel,
} from '@abland/projections';
import { SameForAll } from '../answers/same-for-all.js';
import { PastStates } from '../as-of/past-states.js';
import { StateArgs } from '../as-of/as-of.inputs.js';
import type { ApiContext } from '../context/api-context.js';
import { ApiError } from '../errors/api-error.js';
import { Costs } from '../graphql/costs.js';
import { address, hash } from '../graphql/filters.js';
import { instantOf } from '../graphql/instant.js';
import { AddressScalar, HashScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { historySpan, PoolHistoryArgs } from './history.args.js';
import { PoolMoment, PositionMoment, TradingProfit } from './history.types.js';

@ArgsType()
export class PositionHistoryArgs extends PoolHistoryArgs {
  @Field(() => AddressScalar)
  owner!: string;
}

@ArgsType()
export class TradingProfitArgs extends StateArgs {
  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => AddressScalar)
  user!: string;

  @Field(() => AddressScalar, { description: 'The side of the pool whose trades are counted.' })
  token!: string;
}

@Resolver()
export class HistoryResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PastStates) private readonly past: PastStates,
  ) {}

  @SameForAll()
  @Query(() => [PoolMoment], {
    description:
      'How deep a pool was, and at which price, at each multiple of the interval; oldest first, none from before its first reserves.',
  })
  async poolHistory(@Args() args: PoolHistoryArgs, @Context() context: ApiContext): Promise<PoolMoment[]> {
    const { at, chainId, span } = await this.asked(args, context);
    const asked = { ...span, at, chainId, poolId: hash(args.poolId, 'poolId') };
    return (await poolHistory(this.readModel, asked)).map(atInstant);
  }

  @SameForAll()
  @Query(() => [PositionMoment], {
    description:
      'What a person’s share of a pool was worth at each multiple of the interval; oldest first, none from before the first deposit.',
  })
  async positionHistory(
    @Args() args: PositionHistoryArgs,
    @Context() context: ApiContext,
  ): Promise<PositionMoment[]> {
    const { at, chainId, span } = await this.asked(args, context);
    const asked = {
      ...{ ...span, at, chainId },
      ...{ poolId: hash(args.poolId, 'poolId'), owner: address(args.owner, 'owner') },
    };
    return (await positionHistory(this.readModel, asked)).map(atInstant);
  }

  @SameForAll()
  @Costs({ weight: 2_000 })
  @Query(() => TradingProfit, {
    nullable: true,
    description: 'Null without such a pool. Refused with TOO_MANY_SWAPS where there are more than 20,000.',
  })
  async tradingProfit(@Args() args: TradingProfitArgs): Promise<TradingProfit | null> {
    const { chainId } = this.chains.meant(args.chainId);
    const at = await this.past.asked(chainId, args.asOf);
    const [poolId, user] = [hash(args.poolId, 'poolId'), address(args.user, 'user')];
    const token = address(args.token, 'token');
    const pool = await poolById(this.readModel, { chainId, id: poolId, at });
    if (pool === null) return null;
    if (token !== pool.tokenA && token !== pool.tokenB)
      throw new ApiError('INVALID_ARGUMENT', 'The pool does not trade this token', 'token');
    const profit = await profitOf(this.readModel, { chainId, poolId, user, token, at });
    const { matched, open, realized } = profit;
    const worth = worthIn(pool, token, open.amount);
    return {
      ...{ chainId, poolId, user, token },
      quoteToken: token === pool.tokenA ? pool.tokenB : pool.tokenA,
      bought: profit.bought.toString(),
      paid: profit.paid.toString(),
      sold: profit.sold.toString(),
      received: profit.received.toString(),
      matchedAmount: matched.amount.toString(),
      matchedCost: matched.cost.toString(),
      matchedReceived: matched.received.toString(),
      realized: realized.toString(),
      openAmount: open.amount.toString(),
      openCost: open.cost.toString(),
      openWorth: worth === null ? null : worth.toString(),
      unrealized: worth === null ? null : (worth - open.cost).toString(),
    };
  }

  private async asked(args: PoolHistoryArgs, { loaders }: ApiContext) {
    const { chainId } = this.chains.meant(args.chainId);
    const at = await this.past.asked(chainId, args.asOf);
    return { at, chainId, span: await historySpan(args, at, () => loaders.of(chainId, at).now()) };
  }
}

const atInstant = <Moment extends { readonly time: number }>(moment: Moment) => ({
  ...moment,
  time: instantOf(moment.time),
});

/** What an amount of one side is worth in the other; null for an empty pool. */
function worthIn(pool: PoolView, token: string, amount: bigint): bigint | null {
  const [a, b] = [BigInt(pool.reserveA), BigInt(pool.reserveB)];
  const price = token === pool.tokenA ? spotPrice(b, a) : spotPrice(a, b);
  return price === null ? null : worthAt(amount, price);
}
