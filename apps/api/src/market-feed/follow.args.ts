import { ArgsType, Field } from '@nestjs/graphql';
import type { CandleInterval as Interval } from '@abland/projections';
import { AddressScalar, BigIntStringScalar, CursorScalar, HashScalar } from '../graphql/scalars.js';
import { CandleInterval } from '../market/swap.types.js';
import { SwapFilterInput } from '../market/trading.resolver.js';
import { ChainArgs } from '../served-chains/chain.args.js';

@ArgsType()
export class FollowArgs extends ChainArgs {
  @Field(() => CursorScalar, {
    nullable: true,
    description: 'The cursor of the last message that is known. Neither this nor `since`: from now on.',
  })
  after!: string | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description:
      'A position of the event log instead, of a receipt, `_meta` or an answer’s header `x-position`: what comes after it is told.',
  })
  since!: string | null;
}

@ArgsType()
export class FollowSwapsArgs extends FollowArgs {
  @Field(() => SwapFilterInput, { nullable: true })
  filter!: SwapFilterInput | null;
}

@ArgsType()
export class FollowCandlesArgs extends FollowArgs {
  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => CandleInterval)
  interval!: Interval;
}

@ArgsType()
export class FollowTokensArgs extends FollowArgs {
  @Field(() => [AddressScalar], { nullable: true, description: 'Up to 100; absent: all tokens.' })
  addresses!: string[] | null;
}

@ArgsType()
export class FollowPoolsArgs extends FollowArgs {
  @Field(() => [HashScalar], { nullable: true, description: 'Up to 100; absent: all pools.' })
  ids!: string[] | null;
}

@ArgsType()
export class FollowPortfolioArgs extends FollowArgs {
  @Field(() => AddressScalar)
  address!: string;
}
