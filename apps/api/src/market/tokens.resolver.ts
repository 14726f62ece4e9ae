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
import { parseUuid } from '@abland/domain';
import {
  listTokens,
  tokenByAddress,
  tokenById,
  trendingTokens,
  type TokenSort as Sort,
  type TokenStatus as Status,
} from '@abland/projections';
import { ApiError } from '../errors/api-error.js';
import type { ApiContext } from '../graphql/api-context.js';
import { type Connection, parseFirst } from '../graphql/connection.js';
import { AddressScalar, UuidScalar } from '../graphql/scalars.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import { address, optional, same, search } from './filters.js';
import { Finality } from './finality.types.js';
import { PageArgs } from './page.args.js';
import { connect, pageRequest } from './page-request.js';
import {
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
}

@ArgsType()
export class TokensArgs extends PageArgs {
  @Field(() => TokenFilterInput, { nullable: true })
  filter!: TokenFilterInput | null;

  @Field(() => TokenSort, { nullable: true, defaultValue: 'NEWEST' })
  sort!: Sort | null;
}

@Resolver(() => Token)
export class TokensResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => Token, {
    nullable: true,
    description: 'By the id of its request or by its address: give one.',
  })
  async token(
    @Args('id', { type: () => UuidScalar, nullable: true }) id: string | null,
    @Args('address', { type: () => AddressScalar, nullable: true }) at: string | null,
  ): Promise<Token | null> {
    if ((id ?? null) === null ? (at ?? null) === null : (at ?? null) !== null) {
      throw new ApiError('INVALID_ARGUMENT', 'Give either id or address', 'id');
    }
    const { readModel } = this.api;
    const view = at
      ? await tokenByAddress(readModel, address(at, 'address'))
      : await tokenById(readModel, parseUuid(id ?? '', 'id'));
    return view === null ? null : tokenOf(view);
  }

  @Query(() => TokenConnection)
  async tokens(
    @Args() { filter, sort, ...page }: TokensArgs,
    @Context() { loaders }: ApiContext,
  ): Promise<Connection<Token>> {
    const found = await listTokens(this.api.readModel, {
      filter: {
        ...optional('search', filter?.search, search),
        ...optional('creator', filter?.creator, address),
        ...optional('statuses', filter?.statuses, same),
      },
      sort: sort ?? 'NEWEST',
      now: await loaders.now(),
      page: pageRequest(page),
    });
    return connect(found, tokenOf);
  }

  @Query(() => [TrendingToken], {
    description: 'By how many different people traded them in the last 24 hours.',
  })
  async trendingTokens(
    @Args('limit', { type: () => Int, defaultValue: 10, description: '1 to 50.' }) limit: number,
    @Context() { loaders }: ApiContext,
  ): Promise<TrendingToken[]> {
    const found = await trendingTokens(this.api.readModel, {
      limit: parseFirst(limit, 'limit', 50),
      now: await loaders.now(),
    });
    return found.map(({ token, ...figures }) => ({ token: tokenOf(token), ...figures }));
  }

  @ResolveField(() => Finality, { nullable: true, description: 'Null while it is not on the chain.' })
  async finality(
    @Parent() { updatedBlock }: Token,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality | null> {
    return updatedBlock === null ? null : loaders.finality(updatedBlock);
  }

  @ResolveField(() => TokenAnalytics, { nullable: true, description: 'Null while it is not on the chain.' })
  async analytics(
    @Parent() token: Token,
    @Context() { loaders }: ApiContext,
  ): Promise<TokenAnalytics | null> {
    return token.address === null ? null : loaders.tokenAnalytics.load(token.address);
  }
}
