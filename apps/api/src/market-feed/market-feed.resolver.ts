import { Inject } from '@nestjs/common';
import { Args, Context, Resolver, Subscription } from '@nestjs/graphql';
import type { Position } from '@abland/kernel';
import type { ReadModel } from '@abland/projections';
import { type ApiContext, Caller } from '../context/api-context.js';
import { ApiError } from '../errors/api-error.js';
import { address, hash, optional } from '../graphql/filters.js';
import { PORT } from '../ports/ports.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import {
  CandlesChange,
  changeOf,
  PoolsChange,
  PortfolioChange,
  portfolioChangeOf,
  SwapsChange,
  TokensChange,
} from './change.types.js';
import {
  type FollowArgs,
  FollowCandlesArgs,
  FollowPoolsArgs,
  FollowPortfolioArgs,
  FollowSwapsArgs,
  FollowTokensArgs,
} from './follow.args.js';
import { MarketFeed, type Message } from './market-feed.js';
import { candlesTopic } from './topics/candles-topic.js';
import { poolsTopic } from './topics/pools-topic.js';
import { portfolioTopic } from './topics/portfolio-topic.js';
import { swapsTopic } from './topics/swaps-topic.js';
import { tokensTopic } from './topics/tokens-topic.js';
import type { Topic } from './topics/topic.js';

const NAMED_MAX = 100;
const IN_ORDER = 'One message for each block and each reorg that concerns it, in the order of the event log.';

/** What happens on a chain, as it happens and as it is taken back. */
@Resolver()
export class MarketFeedResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(MarketFeed) private readonly feed: MarketFeed,
  ) {}

  @Subscription(() => SwapsChange, { description: IN_ORDER, resolve: changeOf('swaps') })
  swaps(
    @Caller() _caller: string,
    @Args({ type: () => FollowSwapsArgs }) { filter, ...asked }: FollowSwapsArgs,
    @Context() context: ApiContext,
  ): Promise<AsyncIterable<unknown>> {
    const wanted = {
      ...optional('poolId', filter?.poolId, hash),
      ...optional('user', filter?.user, address),
      ...optional('token', filter?.token, address),
    };
    return this.follow(swapsTopic(this.readModel, this.feed.once, wanted), asked, context);
  }

  @Subscription(() => CandlesChange, { description: IN_ORDER, resolve: changeOf('candles') })
  candles(
    @Caller() _caller: string,
    @Args({ type: () => FollowCandlesArgs }) { interval, poolId, ...asked }: FollowCandlesArgs,
    @Context() context: ApiContext,
  ): Promise<AsyncIterable<unknown>> {
    const wanted = { poolId: hash(poolId, 'poolId'), interval };
    return this.follow(candlesTopic(this.readModel, this.feed.once, wanted), asked, context);
  }

  @Subscription(() => TokensChange, { description: IN_ORDER, resolve: changeOf('tokens') })
  tokens(
    @Caller() _caller: string,
    @Args({ type: () => FollowTokensArgs }) { addresses, ...asked }: FollowTokensArgs,
    @Context() context: ApiContext,
  ): Promise<AsyncIterable<unknown>> {
    const wanted = named(addresses, 'addresses', address);
    return this.follow(tokensTopic(this.readModel, this.feed.once, wanted), asked, context);
  }

  @Subscription(() => PoolsChange, { description: IN_ORDER, resolve: changeOf('pools') })
  pools(
    @Caller() _caller: string,
    @Args({ type: () => FollowPoolsArgs }) { ids, ...asked }: FollowPoolsArgs,
    @Context() context: ApiContext,
  ): Promise<AsyncIterable<unknown>> {
    const wanted = named(ids, 'ids', hash);
    return this.follow(poolsTopic(this.readModel, this.feed.once, wanted), asked, context);
  }

  @Subscription(() => PortfolioChange, { description: IN_ORDER, resolve: portfolioChangeOf })
  portfolio(
    @Caller() _caller: string,
    @Args({ type: () => FollowPortfolioArgs }) { address: owner, ...asked }: FollowPortfolioArgs,
    @Context() context: ApiContext,
  ): Promise<AsyncIterable<unknown>> {
    return this.follow(portfolioTopic(address(owner, 'address')), asked, context);
  }

  private follow<Item>(
    topic: Topic<Item>,
    { after, chainId, since }: FollowArgs,
    { connection }: ApiContext,
  ): Promise<AsyncIterable<Message<Item>>> {
    const chain = this.chains.meant(chainId);
    const beginning = { chainId: chain.chainId, after: after ?? null, since: positionOf(since) };
    if (beginning.after !== null && beginning.since !== null)
      throw new ApiError('INVALID_ARGUMENT', 'Either `after` or `since`', 'since');
    return this.feed.follow(topic, { ...beginning, connection });
  }
}

/** @throws ApiError INVALID_ARGUMENT */
function positionOf(since: string | null | undefined): Position | null {
  if (since === null || since === undefined) return null;
  if (/^\d{1,19}$/.test(since)) return BigInt(since);
  throw new ApiError('INVALID_ARGUMENT', 'A position is a number in decimal digits', 'since');
}

/** @throws ApiError INVALID_ARGUMENT */
function named(
  given: readonly string[] | null | undefined,
  field: string,
  parse: (text: string, field: string) => string,
): ReadonlySet<string> | null {
  if (given === null || given === undefined) return null;
  if (given.length > 0 && given.length <= NAMED_MAX)
    return new Set(given.map((text, index) => parse(text, `${field}.${index}`)));
  throw new ApiError('INVALID_ARGUMENT', `${field} are 1 to ${NAMED_MAX}, or left out for all`, field);
}
