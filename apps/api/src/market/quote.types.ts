import type { At } from '@abland/projections';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { AddressScalar, BigIntStringScalar, HashScalar } from '../graphql/scalars.js';

@ObjectType({
  description: 'What a swap would do now, in the contract’s own integer arithmetic; base units.',
})
export class Quote {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => AddressScalar)
  tokenIn!: string;

  @Field(() => AddressScalar)
  tokenOut!: string;

  @Field(() => BigIntStringScalar)
  amountIn!: string;

  @Field(() => BigIntStringScalar)
  amountOut!: string;

  @Field(() => BigIntStringScalar, { description: 'amountOut less the slippage, rounded down.' })
  amountOutMin!: string;

  @Field(() => BigIntStringScalar, { description: 'The whole swap fee, of tokenIn, rounded up.' })
  fee!: string;

  @Field(() => BigIntStringScalar, { description: 'The protocol’s part of the fee.' })
  protocolFee!: string;

  @Field(() => Int, {
    description: 'How much worse than the price of the reserves, the fee set aside; rounded up.',
  })
  priceImpactBps!: number;

  @Field(() => Int)
  slippageBps!: number;

  /** The newest block that changed the pool; no field of the API. */
  poolBlock!: number;

  /** The state that it is of, null for that of now; no field of the API. */
  at!: At | null;
}

@ObjectType({
  description:
    'What a swap over several pools would do now, as the router reckons it: each pool takes in what the one before pays.',
})
export class RouteQuote {
  @Field(() => Int)
  chainId!: number;

  @Field(() => BigIntStringScalar, { description: 'Of the first token.' })
  amountIn!: string;

  @Field(() => BigIntStringScalar, { description: 'Of the last token.' })
  amountOut!: string;

  @Field(() => BigIntStringScalar, { description: 'amountOut less the slippage, rounded down.' })
  amountOutMin!: string;

  @Field(() => BigIntStringScalar, { description: 'amountIn and the slippage upon it, rounded down.' })
  amountInMax!: string;

  @Field(() => Int)
  slippageBps!: number;

  @Field(() => [Quote], { description: 'Pool by pool, in the order of the route.' })
  hops!: Quote[];
}
