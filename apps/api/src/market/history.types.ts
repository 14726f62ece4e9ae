import { Field, Int, ObjectType } from '@nestjs/graphql';
import { AddressScalar, BigIntStringScalar, DateTimeScalar, HashScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'What a pool held at a moment, after all blocks until then; base units.' })
export class PoolMoment {
  @Field(() => DateTimeScalar)
  time!: string;

  @Field(() => BigIntStringScalar)
  reserveA!: string;

  @Field(() => BigIntStringScalar)
  reserveB!: string;

  @Field(() => BigIntStringScalar)
  totalLiquidity!: string;
}

@ObjectType({
  description: 'What a share of a pool was at a moment, after all blocks until then; base units.',
})
export class PositionMoment {
  @Field(() => DateTimeScalar)
  time!: string;

  @Field(() => BigIntStringScalar)
  liquidity!: string;

  @Field(() => BigIntStringScalar, { description: 'What removing all of it would have paid.' })
  worthA!: string;

  @Field(() => BigIntStringScalar, { description: 'What removing all of it would have paid.' })
  worthB!: string;
}

@ObjectType({
  description:
    'What a person’s swaps of a token in a pool came to, by first in, first out: what is sold is what was bought first. Amounts in base units of the token, everything else of the quote token.',
})
export class TradingProfit {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => AddressScalar)
  user!: string;

  @Field(() => AddressScalar)
  token!: string;

  @Field(() => AddressScalar, { description: 'The pool’s other one.' })
  quoteToken!: string;

  @Field(() => BigIntStringScalar)
  bought!: string;

  @Field(() => BigIntStringScalar)
  paid!: string;

  @Field(() => BigIntStringScalar)
  sold!: string;

  @Field(() => BigIntStringScalar)
  received!: string;

  @Field(() => BigIntStringScalar, {
    description:
      'Of what was sold, as much as had been bought here before: what was minted, given or bought elsewhere has no cost that these swaps tell.',
  })
  matchedAmount!: string;

  @Field(() => BigIntStringScalar, { description: 'What the matched amount had cost.' })
  matchedCost!: string;

  @Field(() => BigIntStringScalar, { description: 'What the matched amount was sold for.' })
  matchedReceived!: string;

  @Field(() => BigIntStringScalar, { description: 'matchedReceived - matchedCost: below zero for a loss.' })
  realized!: string;

  @Field(() => BigIntStringScalar, { description: 'Bought and not sold again here.' })
  openAmount!: string;

  @Field(() => BigIntStringScalar)
  openCost!: string;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'What the open amount is worth at the pool’s spot price; null for an empty pool.',
  })
  openWorth!: string | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'openWorth - openCost: below zero for a loss; null for an empty pool.',
  })
  unrealized!: string | null;
}
