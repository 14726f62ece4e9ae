import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { At, HoldingView, PositionView } from '@abland/projections';
import { connectionOf, countedConnectionOf } from '../graphql/connection.js';
import { AddressScalar, BigIntStringScalar, DateTimeScalar, HashScalar } from '../graphql/scalars.js';
import { instantOf } from '../graphql/instant.js';

@ObjectType()
export class Holding {
  @Field(() => Int)
  chainId!: number;

  @Field(() => AddressScalar)
  holder!: string;

  @Field(() => AddressScalar)
  tokenAddress!: string;

  @Field(() => BigIntStringScalar, { description: 'Base units, above zero.' })
  balance!: string;

  @Field(() => DateTimeScalar)
  updatedAt!: string;

  /** Of the newest change; no field of the API. */
  blockNumber!: number;

  /** The state that it is of, null for that of now; no field of the API. */
  at!: At | null;
}

export const HoldingConnection = countedConnectionOf(Holding, 'Holding');

export function holdingOf({ token, blockTime, ...view }: HoldingView, at: At | null = null): Holding {
  return { ...view, at, tokenAddress: token, updatedAt: instantOf(blockTime) };
}

@ObjectType({ description: 'A share of a pool; base units.' })
export class LiquidityPosition {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => AddressScalar)
  owner!: string;

  @Field(() => BigIntStringScalar)
  liquidity!: string;

  @Field(() => BigIntStringScalar, { description: 'The share is liquidity / totalLiquidity.' })
  totalLiquidity!: string;

  @Field(() => BigIntStringScalar, { description: 'What removing all of it would pay now.' })
  worthA!: string;

  @Field(() => BigIntStringScalar, { description: 'What removing all of it would pay now.' })
  worthB!: string;

  @Field(() => BigIntStringScalar, { description: 'Over its whole history.' })
  addedA!: string;

  @Field(() => BigIntStringScalar)
  addedB!: string;

  @Field(() => BigIntStringScalar)
  removedA!: string;

  @Field(() => BigIntStringScalar)
  removedB!: string;

  @Field(() => DateTimeScalar)
  openedAt!: string;

  /** Of the newest change; no field of the API. */
  blockNumber!: number;

  /** The state that it is of, null for that of now; no field of the API. */
  at!: At | null;
}

export const LiquidityPositionConnection = connectionOf(LiquidityPosition, 'LiquidityPosition');

export function positionNode({ openedTime, ...view }: PositionView, at: At | null = null): LiquidityPosition {
  return { ...view, at, openedAt: instantOf(openedTime) };
}

@ObjectType({ description: 'What an address holds and provides; lists go on by their cursors.' })
export class Portfolio {
  @Field(() => Int)
  chainId!: number;

  @Field(() => AddressScalar)
  address!: string;

  /** The state that it is of, null for that of now; no field of the API. */
  at!: At | null;
}
