import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { AddressScalar, BigIntStringScalar, DateTimeScalar, HashScalar } from '../graphql/scalars.js';

@ObjectType()
export class Contracts {
  @Field(() => AddressScalar)
  tokenFactory!: string;

  @Field(() => AddressScalar)
  liquidityManager!: string;

  @Field(() => AddressScalar, { nullable: true, description: 'Null where relayed commands are not offered.' })
  forwarder!: string | null;
}

@ObjectType({ description: 'Where the system stands.' })
export class Meta {
  @Field(() => Int, { description: 'What follows of blocks and contracts is of this chain.' })
  chainId!: number;

  @Field(() => [Int], { description: 'All chains that are served.' })
  chainIds!: readonly number[];

  @Field(() => Int, { nullable: true, description: 'The newest block that the indexer has seen.' })
  chainHead!: number | null;

  @Field(() => Int, { nullable: true, description: 'The newest block in the answers.' })
  indexedBlock!: number | null;

  @Field(() => HashScalar, { nullable: true })
  indexedBlockHash!: string | null;

  @Field(() => DateTimeScalar, { nullable: true })
  indexedBlockTime!: string | null;

  @Field(() => Int, { nullable: true, description: 'Every block up to this one is final.' })
  finalizedBlock!: number | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'How far in the event log the answers are; opaque but for its order.',
  })
  position!: string | null;

  @Field(() => BigIntStringScalar, { nullable: true, description: 'The newest event of the log.' })
  logHead!: string | null;

  @Field(() => Int, { nullable: true, description: 'Blocks that the answers are behind the chain.' })
  lagBlocks!: number | null;

  @Field(() => Float, {
    description: 'For how long the answers have been behind the log; 0 where they are not.',
  })
  lagSeconds!: number;

  @Field(() => Contracts)
  contracts!: Contracts;
}
