import { Field, Int, ObjectType } from '@nestjs/graphql';
import { BigIntStringScalar, CursorScalar, HashScalar } from '../graphql/scalars.js';
import { Portfolio } from '../market/holding.types.js';
import { Pool } from '../market/pool.types.js';
import { Candle, Swap } from '../market/swap.types.js';
import { Token } from '../market/token.types.js';
import { Finality } from '../served-chains/finality.types.js';
import type { Message } from './market-feed.js';

@ObjectType({ description: 'What a reorg took back of what is followed.' })
export class Retraction {
  @Field(() => Int, { description: 'Blocks from this one on are no longer of the chain.' })
  fromBlock!: number;

  @Field(() => Int)
  toBlock!: number;

  @Field(() => [HashScalar], { description: 'Of the blocks, newest first.' })
  blockHashes!: readonly string[];

  @Field(() => [String], {
    description:
      'What of those blocks is taken back: the ids of swaps and pools, the addresses of tokens and of the portfolio, the times at which candles begin. What of it is still there is told as it is again, beside this.',
  })
  ids!: readonly string[];
}

@ObjectType({ isAbstract: true })
abstract class Change {
  @Field(() => CursorScalar, {
    description: 'Followed on `after` this, nothing is missed and nothing told twice, whoever serves it.',
  })
  cursor!: string;

  @Field(() => BigIntStringScalar, {
    description: 'Where it is in the event log: a query whose header `x-min-position` says it knows of it.',
  })
  position!: bigint;

  @Field(() => Finality, {
    description: 'Of the block that it is of; where blocks were taken back, of the newest one that is left.',
  })
  finality!: Finality;

  @Field(() => Retraction, { nullable: true, description: 'Null for a block.' })
  retraction!: Retraction | null;
}

@ObjectType({ description: 'A block with swaps, or a reorg that took some back.' })
export class SwapsChange extends Change {
  @Field(() => [Swap], { description: 'Those of the block, in order; none where blocks were taken back.' })
  swaps!: readonly Swap[];
}

@ObjectType({ description: 'A block, or a reorg, that changed candles.' })
export class CandlesChange extends Change {
  @Field(() => [Candle], { description: 'As they are by now, oldest first.' })
  candles!: readonly Candle[];
}

@ObjectType({ description: 'A block, or a reorg, that changed or traded tokens.' })
export class TokensChange extends Change {
  @Field(() => [Token], { description: 'As they are by now.' })
  tokens!: readonly Token[];
}

@ObjectType({ description: 'A block, or a reorg, that changed pools.' })
export class PoolsChange extends Change {
  @Field(() => [Pool], { description: 'As they are by now.' })
  pools!: readonly Pool[];
}

@ObjectType({ description: 'A block, or a reorg, that changed what an address holds or provides.' })
export class PortfolioChange extends Change {
  @Field(() => Portfolio, { description: 'As it is by now.' })
  portfolio!: Portfolio;
}

/** A message as the type of a change has it, its items under their name. */
export const changeOf =
  <Item, Name extends string>(name: Name) =>
  ({ items, ...message }: Message<Item>): Omit<Message<Item>, 'items'> & Record<Name, readonly Item[]> =>
    ({ ...message, [name]: items }) as Omit<Message<Item>, 'items'> & Record<Name, readonly Item[]>;

export const portfolioChangeOf = ({ items, ...message }: Message<Portfolio>): object => ({
  ...message,
  portfolio: items[0],
});
