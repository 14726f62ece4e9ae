import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { At, CandleView, SwapView } from '@abland/projections';
import { connectionOf } from '../graphql/connection.js';
import {
  AddressScalar,
  BigIntStringScalar,
  DateTimeScalar,
  HashScalar,
  UuidScalar,
} from '../graphql/scalars.js';
import { instantOf } from '../graphql/instant.js';

@ObjectType()
export class Swap {
  @Field(() => String, { description: '`<chain id>-<block number>-<log index>`.' })
  id!: string;

  @Field(() => Int)
  chainId!: number;

  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => AddressScalar)
  user!: string;

  @Field(() => AddressScalar)
  tokenIn!: string;

  @Field(() => AddressScalar)
  tokenOut!: string;

  @Field(() => BigIntStringScalar)
  amountIn!: string;

  @Field(() => BigIntStringScalar)
  amountOut!: string;

  @Field(() => BigIntStringScalar, { description: 'The whole swap fee, base units of tokenIn.' })
  fee!: string;

  @Field(() => BigIntStringScalar, { description: 'The protocol’s part of the fee.' })
  protocolFee!: string;

  @Field(() => HashScalar)
  txHash!: string;

  @Field(() => Int)
  blockNumber!: number;

  @Field(() => Int)
  logIndex!: number;

  @Field(() => DateTimeScalar)
  time!: string;

  @Field(() => UuidScalar, { nullable: true, description: 'The command that the transaction named.' })
  commandId!: string | null;
}

export const SwapConnection = connectionOf(Swap, 'Swap');

export function swapOf({ blockTime, ...view }: SwapView): Swap {
  return { ...view, time: instantOf(blockTime) };
}

export const CandleInterval = {
  ONE_MINUTE: '1m',
  FIVE_MINUTES: '5m',
  ONE_HOUR: '1h',
  ONE_DAY: '1d',
} as const;
registerEnumType(CandleInterval, { name: 'CandleInterval' });

@ObjectType({
  description: 'An exact price of tokenA: `b` base units of tokenB for `a` base units of tokenA.',
})
export class Fraction {
  @Field(() => BigIntStringScalar)
  b!: string;

  @Field(() => BigIntStringScalar)
  a!: string;
}

@ObjectType({
  description: 'Prices of tokenA in tokenB within an interval. Intervals without a swap have none.',
})
export class Candle {
  @Field(() => Int)
  chainId!: number;

  @Field(() => DateTimeScalar, { description: 'Where the interval begins.' })
  time!: string;

  @Field(() => Fraction)
  open!: Fraction;

  @Field(() => Fraction)
  high!: Fraction;

  @Field(() => Fraction)
  low!: Fraction;

  @Field(() => Fraction)
  close!: Fraction;

  @Field(() => BigIntStringScalar)
  volumeA!: string;

  @Field(() => BigIntStringScalar)
  volumeB!: string;

  @Field(() => Int)
  swaps!: number;

  /** The newest block that changed it; no field of the API. */
  blockNumber!: number;

  /** The state that it is of, null for that of now; no field of the API. */
  at!: At | null;
}

export function candleOf(view: CandleView, at: At | null = null): Candle {
  return { ...view, at, time: instantOf(view.time) };
}
