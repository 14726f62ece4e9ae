import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type {
  At,
  PriceThroughPools as Through,
  TokenSort as Sort,
  TokenStatus as Status,
  TokenView,
} from '@abland/projections';
import { countedConnectionOf } from '../graphql/connection.js';
import { instantOf } from '../graphql/instant.js';
import { AddressScalar, BigIntStringScalar, DateTimeScalar, HashScalar } from '../graphql/scalars.js';

export const TokenStatus = {
  DEPLOYED: 'DEPLOYED',
  DEACTIVATED: 'DEACTIVATED',
} as const satisfies Record<Status, Status>;
registerEnumType(TokenStatus, {
  name: 'TokenStatus',
  valuesMap: {
    DEPLOYED: { description: 'On the chain, and traded.' },
    DEACTIVATED: { description: 'Its creator ended its trading, for good.' },
  },
});

export const TokenSort = {
  NEWEST: 'NEWEST',
  HOLDERS: 'HOLDERS',
  MARKET_CAP: 'MARKET_CAP',
  LIQUIDITY: 'LIQUIDITY',
  VOLUME: 'VOLUME',
} as const satisfies Record<Sort, Sort>;
registerEnumType(TokenSort, {
  name: 'TokenSort',
  description:
    'MARKET_CAP, LIQUIDITY and VOLUME need a pool with another token of the factory: tokens without one come last.',
});

@ObjectType({ description: 'An exact price and its decimal text.' })
export class Price {
  @Field(() => AddressScalar, { description: 'The token that the price is counted in.' })
  quoteToken!: string;

  @Field(() => Boolean, {
    description: 'Whether the factory did not make that one: anyone may have, and it may be worth nothing.',
  })
  quoteIsForeign!: boolean;

  @Field(() => BigIntStringScalar, {
    description: 'Base units of the quote token for `denominator` of the token.',
  })
  numerator!: string;

  @Field(() => BigIntStringScalar)
  denominator!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Whole quote tokens for one whole token, 18 significant digits, cut; null where the decimals of one are not known.',
  })
  value!: string | null;
}

@ObjectType({ description: 'A price by the spot prices of the pools between two tokens.' })
export class PriceThroughPools implements Through {
  @Field(() => AddressScalar, { description: 'The token that the price is counted in.' })
  quoteToken!: string;

  @Field(() => [HashScalar], {
    description: 'From the token to the quote token, at most three; none for the quote token itself.',
  })
  poolIds!: readonly string[];

  @Field(() => BigIntStringScalar, {
    description: 'Base units of the quote token for `denominator` of the token.',
  })
  numerator!: string;

  @Field(() => BigIntStringScalar)
  denominator!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Whole quote tokens for one whole token, 18 significant digits, cut; null where the decimals of one are not known.',
  })
  value!: string | null;
}

@ObjectType({ description: 'Figures of a token; windows are the last 24 hours by block time.' })
export class TokenAnalytics {
  @Field(() => HashScalar, {
    nullable: true,
    description:
      'Where price and cap are read: of the pools with a token of the factory, and those that the token’s creator opened, the one that holds most of it. Pools of other tokens that others opened count only where there is no such pool.',
  })
  referencePoolId!: string | null;

  @Field(() => Price, { nullable: true })
  price!: Price | null;

  @Field(() => String, {
    nullable: true,
    description:
      'From the price of 24 hours ago, or that at which a younger pool was opened, to that of now: percent, signed decimal text; null without a price.',
  })
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

@ObjectType({ description: 'A token of the factory, on the chain.' })
export class Token {
  @Field(() => Int)
  chainId!: number;

  @Field(() => AddressScalar)
  address!: string;

  @Field(() => TokenStatus)
  status!: Status;

  @Field(() => AddressScalar)
  creator!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  symbol!: string;

  @Field(() => Int, { nullable: true, description: 'Null until the factory has told them.' })
  decimals!: number | null;

  @Field(() => BigIntStringScalar, { description: 'Base units.' })
  totalSupply!: string;

  @Field(() => String)
  metadataURI!: string;

  @Field(() => HashScalar)
  txHash!: string;

  @Field(() => Int, { description: 'Addresses with a balance above zero.' })
  holderCount!: number;

  @Field(() => DateTimeScalar)
  createdAt!: string;

  /** The newest block that changed it; no field of the API. */
  updatedBlock!: number;

  /** The state that it is of, null for that of now; no field of the API. */
  at!: At | null;
}

export const TokenConnection = countedConnectionOf(Token, 'Token');

export function tokenOf(
  { metadataUri, holders, blockTime, ...same }: TokenView,
  at: At | null = null,
): Token {
  return { ...same, at, metadataURI: metadataUri, holderCount: holders, createdAt: instantOf(blockTime) };
}

const QUOTE_UNITS =
  'What was traded of it in the last 24 hours, in 10^-18 of a whole token of the one that it is ranked in.';

@ObjectType({ description: 'How its figures are reckoned: docs/market-data.md.' })
export class TrendingToken {
  @Field(() => Token)
  token!: Token;

  @Field(() => Int, { description: 'Different addresses that traded it in the last 24 hours.' })
  traders24h!: number;

  @Field(() => Int)
  swaps24h!: number;

  @Field(() => BigIntStringScalar, { description: QUOTE_UNITS })
  volumeWorth24h!: string;

  @Field(() => String, { description: 'Percent, signed decimal text.' })
  priceChange24h!: string;

  @Field(() => BigIntStringScalar, {
    description:
      'What it is ranked by: volumeWorth24h × (100 + priceChange24h) / 100. Tokens that only one address traded come last.',
  })
  score!: string;
}

@ObjectType({ description: 'A token whose price moved in the last 24 hours.' })
export class Mover {
  @Field(() => Token)
  token!: Token;

  @Field(() => String, { description: 'Percent, signed decimal text.' })
  priceChange24h!: string;

  @Field(() => BigIntStringScalar, { description: QUOTE_UNITS })
  volumeWorth24h!: string;
}

export const MoverDirection = { UP: 'UP', DOWN: 'DOWN' } as const;
export type MoverDirection = keyof typeof MoverDirection;
registerEnumType(MoverDirection, { name: 'MoverDirection' });
