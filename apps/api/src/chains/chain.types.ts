import type { BlockProof as Proof } from '@abland/domain';
import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DateTimeScalar, HashScalar, UuidScalar } from '../graphql/scalars.js';
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

export const HaltReason = {
  REORG_TOO_DEEP: 'REORG_TOO_DEEP',
  CHAIN_BEHIND: 'CHAIN_BEHIND',
  WRONG_CHAIN: 'WRONG_CHAIN',
} as const;
registerEnumType(HaltReason, {
  name: 'HaltReason',
  valuesMap: {
    REORG_TOO_DEEP: { description: 'A provider has another block in the place of a final one.' },
    CHAIN_BEHIND: {
      description: 'A provider’s newest block has been below ours for longer than a node lags.',
    },
    WRONG_CHAIN: { description: 'A provider serves another chain.' },
  },
});

@ObjectType({
  description: 'Nothing more of the chain is taken until a provider has ours, or an operator decides.',
})
export class ChainAlarm {
  @Field(() => UuidScalar, { description: 'To name it by in `decideReorg`.' })
  id!: string;

  @Field(() => HaltReason)
  reason!: keyof typeof HaltReason;

  @Field(() => DateTimeScalar, { description: 'When it was told in the log that the chain stands.' })
  since!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The provider that has another chain, by its URL without what may be a key.',
  })
  provider!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of its block in the place of ours, or of its newest.',
  })
  providerBlock!: number | null;

  @Field(() => HashScalar, { nullable: true, description: 'Hash of that block.' })
  providerHash!: string | null;
}

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

  @Field(() => ChainAlarm, {
    nullable: true,
    description: 'That it stands, as the log tells it; null while it does not, and once it goes on.',
  })
  alarm!: ChainAlarm | null;

  @Field(() => Int, { nullable: true, description: 'The newest block that the indexer has seen.' })
  headBlock!: number | null;

  @Field(() => Int, { nullable: true, description: 'The newest block in the answers.' })
  indexedBlock!: number | null;

  @Field(() => Int, { nullable: true, description: 'Every block up to this one is final.' })
  finalizedBlock!: number | null;

  @Field(() => Int, { nullable: true, description: 'Blocks that the answers are behind the chain.' })
  lagBlocks!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Since the chain last told the indexer its newest block; null where it never did, or no indexer tells.',
  })
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
