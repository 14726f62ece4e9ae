import { Inject } from '@nestjs/common';
import { Args, ArgsType, Context, Field, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PLATFORM_DAYS_MAX, platformDaysOf, platformTotalsOf, type ReadModel } from '@abland/projections';
import { SameForAll } from '../answers/same-for-all.js';
import type { ApiContext } from '../context/api-context.js';
import { ApiError } from '../errors/api-error.js';
import { parseFirst } from '../graphql/connection.js';
import { address } from '../graphql/filters.js';
import { AddressScalar, DateTimeScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { ChainArgs } from '../served-chains/chain.args.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { seconds } from './history.args.js';
import { Platform, PlatformDay, platformDayOf } from './platform.types.js';

@ArgsType()
export class PlatformDaysArgs {
  @Field(() => DateTimeScalar)
  from!: string;

  @Field(() => DateTimeScalar, { description: 'Included.' })
  to!: string;

  @Field(() => AddressScalar, { nullable: true, description: 'The token that volume is told in.' })
  quote!: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 30, description: 'The newest so many, 1 to 366.' })
  limit!: number | null;
}

@Resolver(() => Platform)
export class PlatformResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
  ) {}

  @SameForAll()
  @Query(() => Platform)
  async platform(@Args({ type: () => ChainArgs }) { chainId: asked }: ChainArgs): Promise<Platform> {
    const { chainId } = this.chains.meant(asked);
    return { chainId, ...(await platformTotalsOf(this.readModel, { chainId })) };
  }

  @ResolveField(() => [PlatformDay], {
    description:
      'The days that begin between both moments, oldest first, quiet ones with zeros, none after today.',
  })
  async days(
    @Parent() { chainId }: Platform,
    @Args() args: PlatformDaysArgs,
    @Context() { loaders }: ApiContext,
  ): Promise<PlatformDay[]> {
    const [from, to] = [seconds(args.from, 'from'), seconds(args.to, 'to')];
    if (to < from) throw new ApiError('INVALID_ARGUMENT', 'to is not before from', 'to');
    const quote = args.quote === null || args.quote === undefined ? null : address(args.quote, 'quote');
    const limit = parseFirst(args.limit ?? 30, 'limit', PLATFORM_DAYS_MAX);
    const now = await loaders.of(chainId).now();
    const days = await platformDaysOf(this.readModel, { chainId, from, to, now, quote, limit });
    return days.map(platformDayOf);
  }
}
