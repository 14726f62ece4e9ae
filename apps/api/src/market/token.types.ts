import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { TokenSort as Sort, TokenStatus as Status, TokenView } from '@abland/projections';
import { connectionOf } from '../graphql/connection.js';
import { AddressScalar, BigIntStringScalar, DateTimeScalar, HashScalar } from '../graphql/scalars.js';

export const TokenStatus = {
  PENDING: 'PENDING',
  DEPLOYING: 'DEPLOYING',
  DEPLOYED: 'DEPLOYED',
  FAILED: 'FAILED',
  DEACTIVATED: 'DEACTIVATED',
} as const satisfies Record<Status, Status>;
registerEnumType(TokenStatus, { name: 'TokenStatus' });

export const TokenSort = {
  NEWEST: 'NEWEST',
  HOLDERS: 'HOLDERS',
  MARKET_CAP: 'MARKET_CAP',
  LIQUIDITY: 'LIQUIDITY',
  VOLUME: 'VOLUME',
} as const satisfies Record<Sort, Sort>;
registerEnumType(TokenSort, {
  name: 'TokenSort',
  description: 'All but NEWEST rank tokens on the chain alone; MARKET_CAP, LIQUIDITY and VOLUME need a pool.',
});

@ObjectType({ description: 'An exact price and its decimal text.' })
export class Price {
  @Field(() => AddressScalar, { description: 'The token that the price is counted in.' })
  quoteToken!: string;

  @Field(() => BigIntStringScalar, {
    description: 'Base units of the quote token for `denominator` of the token.',
  })
  numerator!: string;

  @Field(() => BigIntStringScalar)
  denominator!: string;

  @Field(() => String, { description: 'Whole quote tokens for one whole token, 18 significant digits, cut.' })
  value!: string;
}

@ObjectType({ description: 'Figures of a token; windows are the last 24 hours by block time.' })
export class TokenAnalytics {
  @Field(() => HashScalar, {
    nullable: true,
    description: 'The pool that holds most of the token: price and cap are read there.',
  })
  referencePoolId!: string | null;

  @Field(() => Price, { nullable: true })
  price!: Price | null;

  @Field(() => String, { nullable: true, description: 'Percent, signed decimal text; null without trades.' })
  priceChange24h!: string | null;

  @Field(() => BigIntStringScalar, { description: 'Base units bought and sold in all pools.' })
  volume24h!: string;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'Supply at the spot price, base units of the price’s quote token.',
  })
  marketCap!: string | null;

  @Field(() => Int)
  holders!: number;

  @Field(() => Int)
  transactions24h!: number;

  @Field(() => BigIntStringScalar, { description: 'Base units in all pools.' })
  liquidity!: string;
}

@ObjectType()
export class Failure {
  @Field(() => String)
  code!: string;

  @Field(() => String, { nullable: true })
  reason!: string | null;
}

@ObjectType({ description: 'A token on the chain, or one that was asked for here and is not there (yet).' })
export class Token {
  @Field(() => String, {
    description: 'The id of the request that made it; the address of one created at the contract directly.',
  })
  id!: string;

  @Field(() => AddressScalar, { nullable: true, description: 'Null until it is on the chain.' })
  address!: string | null;

  @Field(() => TokenStatus)
  status!: Status;

  @Field(() => AddressScalar)
  creator!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  symbol!: string;

  @Field(() => Int)
  decimals!: number;

  @Field(() => BigIntStringScalar, { description: 'Base units.' })
  totalSupply!: string;

  @Field(() => String, { nullable: true })
  description!: string | null;

  @Field(() => String)
  metadataURI!: string;

  @Field(() => HashScalar, { nullable: true })
  txHash!: string | null;

  @Field(() => Int, { description: 'Addresses with a balance above zero.' })
  holderCount!: number;

  @Field(() => Failure, { nullable: true })
  failure!: Failure | null;

  @Field(() => DateTimeScalar, {
    description: 'Of its block, or of the request while it is not on the chain.',
  })
  createdAt!: string;

  /** The newest block that changed it; no field of the API. */
  updatedBlock!: number | null;
}

export const TokenConnection = connectionOf(Token, 'Token');

export function tokenOf(view: TokenView): Token {
  const { metadataUri, holders, failureCode, failureReason, createdAtMs, ...same } = view;
  return {
    ...same,
    metadataURI: metadataUri,
    holderCount: holders,
    failure: failureCode === null ? null : { code: failureCode, reason: failureReason },
    createdAt: new Date(createdAtMs).toISOString(),
  };
}

@ObjectType()
export class TrendingToken {
  @Field(() => Token)
  token!: Token;

  @Field(() => Int, { description: 'Different addresses that traded it in the last 24 hours.' })
  traders24h!: number;

  @Field(() => Int)
  swaps24h!: number;
}
