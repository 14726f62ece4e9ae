import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { PlatformDay as View } from '@abland/projections';
import { instantOf } from '../graphql/instant.js';
import { BigIntStringScalar, DateTimeScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'What happened on a day, UTC by block time.' })
export class PlatformDay {
  @Field(() => DateTimeScalar, { description: 'When it began.' })
  day!: string;

  @Field(() => Int, { description: 'Created on it.' })
  tokens!: number;

  @Field(() => Int, { description: 'Opened on it.' })
  pools!: number;

  @Field(() => Int)
  swaps!: number;

  @Field(() => Int, { description: 'Deposits and withdrawals.' })
  liquidityChanges!: number;

  @Field(() => Int, { description: 'Addresses that were seen for the first time.' })
  newUsers!: number;

  @Field(() => Int, { description: 'Different addresses that created a token, swapped or moved liquidity.' })
  activeUsers!: number;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'Base units of `quote` that were swapped in all its pools; null where no quote is given.',
  })
  volume!: string | null;
}

export const platformDayOf = ({ day, ...view }: View): PlatformDay => ({ ...view, day: instantOf(day) });

@ObjectType({ description: 'What there is of a chain’s market, and what happened day by day.' })
export class Platform {
  @Field(() => Int)
  chainId!: number;

  @Field(() => Int)
  tokens!: number;

  @Field(() => Int)
  pools!: number;

  @Field(() => Int, { description: 'Addresses that created a token, swapped or provided liquidity.' })
  users!: number;
}
