import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { At, PoolSort as Sort, PoolView } from '@abland/projections';
import { countedConnectionOf } from '../graphql/connection.js';
import { AddressScalar, BigIntStringScalar, DateTimeScalar, HashScalar } from '../graphql/scalars.js';
import { instantOf } from '../graphql/instant.js';

export const PoolSort = {
  NEWEST: 'NEWEST',
  LIQUIDITY: 'LIQUIDITY',
  SWAPS: 'SWAPS',
} as const satisfies Record<Sort, Sort>;
registerEnumType(PoolSort, {
  name: 'PoolSort',
  valuesMap: { LIQUIDITY: { description: 'Depth of one side: compare pools of one token by it.' } },
});

@ObjectType({
  description:
    'Figures of a pool; windows are the last 24 hours by block time, amounts in base units of each side.',
})
export class PoolAnalytics {
  @Field(() => BigIntStringScalar)
  volume24hA!: string;

  @Field(() => BigIntStringScalar)
  volume24hB!: string;

  @Field(() => BigIntStringScalar, { description: 'The whole swap fee.' })
  fees24hA!: string;

  @Field(() => BigIntStringScalar, { description: 'The whole swap fee.' })
  fees24hB!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Percent a year for liquidity providers, not compounded, decimal text.',
  })
  apy!: string | null;

  @Field(() => Int)
  transactions24h!: number;
}

@ObjectType({ description: 'tokenA < tokenB by address; amounts in base units.' })
export class Pool {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HashScalar, { description: 'keccak256 of both addresses.' })
  id!: string;

  @Field(() => AddressScalar)
  tokenAAddress!: string;

  @Field(() => AddressScalar)
  tokenBAddress!: string;

  @Field(() => BigIntStringScalar)
  reserveA!: string;

  @Field(() => BigIntStringScalar)
  reserveB!: string;

  @Field(() => BigIntStringScalar)
  totalLiquidity!: string;

  @Field(() => AddressScalar)
  creator!: string;

  @Field(() => Int)
  swapCount!: number;

  @Field(() => HashScalar)
  txHash!: string;

  @Field(() => DateTimeScalar)
  createdAt!: string;

  /** The newest block that changed it; no field of the API. */
  updatedBlock!: number;

  /** The state that it is of, null for that of now; no field of the API. */
  at!: At | null;
}

export const PoolConnection = countedConnectionOf(Pool, 'Pool');

export function poolOf(view: PoolView, at: At | null = null): Pool {
  const { tokenA, tokenB, blockTime, ...same } = view;
  return { ...same, at, tokenAAddress: tokenA, tokenBAddress: tokenB, createdAt: instantOf(blockTime) };
}
