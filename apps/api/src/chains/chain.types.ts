import type { BlockProof as Proof } from '@abland/domain';
import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { BlockProof } from './meta.types.js';

export const ChainState = {
  FOLLOWED: 'FOLLOWED',
  TROUBLED: 'TROUBLED',
  REMOVED: 'REMOVED',
} as const;
registerEnumType(ChainState, {
  name: 'ChainState',
  valuesMap: {
    FOLLOWED: { description: 'Every stage of it runs.' },
    TROUBLED: {
      description: 'A stage of it does not; other chains go on. `failure` says why where that is known.',
    },
    REMOVED: {
      description:
        'It was followed and is no longer configured: nothing is answered of it, and what is known of it is kept.',
    },
  },
});

export const FinalityRule = { DEPTH: 'DEPTH', SAFE: 'SAFE', FINALIZED: 'FINALIZED' } as const;
registerEnumType(FinalityRule, {
  name: 'FinalityRule',
  valuesMap: {
    DEPTH: { description: 'A block is final once so many lie on top of it.' },
    SAFE: { description: 'The block that the chain itself calls safe is final.' },
    FINALIZED: { description: 'The block that the chain itself calls finalized is final.' },
  },
});

@ObjectType({ description: 'A chain of this deployment, and how far it is followed.' })
export class Chain {
  @Field(() => Int)
  chainId!: number;

  @Field(() => String, { nullable: true, description: 'As people call it; null where it has no name.' })
  name!: string | null;

  @Field(() => ChainState)
  state!: keyof typeof ChainState;

  @Field(() => String, {
    nullable: true,
    description: 'Code of what the first stage that fails, fails with.',
  })
  failure!: string | null;

  @Field(() => Int, { nullable: true, description: 'The newest block that the indexer has seen.' })
  headBlock!: number | null;

  @Field(() => Int, { nullable: true, description: 'The newest block in the answers.' })
  indexedBlock!: number | null;

  @Field(() => Int, { nullable: true, description: 'Every block up to this one is final.' })
  finalizedBlock!: number | null;

  @Field(() => Int, { nullable: true, description: 'Blocks that the answers are behind the chain.' })
  lagBlocks!: number | null;

  @Field(() => Float, { nullable: true, description: 'Since the chain last answered the indexer.' })
  contactSeconds!: number | null;

  @Field(() => FinalityRule, {
    nullable: true,
    description: 'Null for a chain that is no longer configured.',
  })
  finalityRule!: keyof typeof FinalityRule | null;

  @Field(() => Int, { nullable: true, description: 'Of the rule DEPTH; null for the others.' })
  finalityDepth!: number | null;

  @Field(() => BlockProof, {
    nullable: true,
    description:
      'What each block must be proved by; null: its bloom filter, and more wherever that can be had.',
  })
  proof!: Proof | null;

  @Field(() => Int, { nullable: true, description: 'How many providers must have the same block.' })
  quorum!: number | null;
}
