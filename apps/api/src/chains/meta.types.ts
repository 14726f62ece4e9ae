import type { BlockProof as Proof } from '@abland/domain';
import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Reconciliation } from '../drift/drift.types.js';
import type { Stage as SeenStage, StageProgram as Program, StageState as State } from '../stages/stage.js';
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

export const BlockProof = {
  NONE: 'NONE',
  BLOOM: 'BLOOM',
  RECEIPTS: 'RECEIPTS',
} as const satisfies Record<Proof, Proof>;
registerEnumType(BlockProof, {
  name: 'BlockProof',
  description:
    'What shows that no log of a block is missing: nothing, its bloom filter, or the root of its receipts.',
});

export const StageProgram = {
  indexer: 'indexer',
  projector: 'projector',
  worker: 'worker',
} as const satisfies Record<Program, Program>;
registerEnumType(StageProgram, { name: 'StageProgram', description: 'The program that runs a stage.' });

export const StageState = {
  RUNNING: 'RUNNING',
  FAILING: 'FAILING',
  STANDING: 'STANDING',
  ABSENT: 'ABSENT',
} as const satisfies Record<State, State>;
registerEnumType(StageState, {
  name: 'StageState',
  valuesMap: {
    RUNNING: { description: 'Its program tells of it, and nothing has waited for it for long.' },
    FAILING: { description: 'What it needs fails, and is tried again; `failure` says what.' },
    STANDING: {
      description:
        'Its program tells of it, and what waits for it has not been handled for eight seconds, or the chain has not answered it for as long.',
    },
    ABSENT: { description: 'No program has told of it for five seconds: none runs, or it hangs.' },
  },
});

@ObjectType({ description: 'One step of the pipeline from the chain to the answers.' })
export class Stage implements SeenStage {
  @Field(() => String, { description: 'As in logs and leases; a read model’s own begins with `projection`.' })
  name!: string;

  @Field(() => StageProgram)
  program!: Program;

  @Field(() => Int, {
    nullable: true,
    description: 'Of the chain that it works for alone; null for what works for all.',
  })
  chainId!: number | null;

  @Field(() => StageState)
  state!: State;

  @Field(() => Float, { nullable: true, description: 'Since its program last told of it.' })
  toldSeconds!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Since it last handled something: it grows while nothing comes. Null before the first.',
  })
  handledSeconds!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Since the chain last answered it. Null before the first answer, and for what asks no chain.',
  })
  contactSeconds!: number | null;

  @Field(() => Float, {
    description: 'For how long it has not got on although something waits for it; 0 while nothing does.',
  })
  dueSeconds!: number;

  @Field(() => String, { nullable: true, description: 'The code of what it fails with.' })
  failure!: string | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description:
      'Where it is: of what follows a chain the number of a block, else a position of the log. Null where none is told.',
  })
  reached!: bigint | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'Where it has handled everything that there is; null where that is not known.',
  })
  end!: bigint | null;
}

@ObjectType({ description: 'Where the system stands.' })
export class Meta {
  @Field(() => Int, { description: 'What follows of blocks and contracts is of this chain.' })
  chainId!: number;

  @Field(() => [Int], { description: 'All chains that are served.' })
  chainIds!: readonly number[];

  @Field(() => Int, { nullable: true, description: 'The newest block that the indexer has seen.' })
  chainHead!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Since the chain last told the indexer its newest block; null where it never did, or no indexer tells.',
  })
  chainContactSeconds!: number | null;

  @Field(() => Int, { nullable: true, description: 'The newest block in the answers.' })
  indexedBlock!: number | null;

  @Field(() => HashScalar, { nullable: true })
  indexedBlockHash!: string | null;

  @Field(() => DateTimeScalar, { nullable: true })
  indexedBlockTime!: string | null;

  @Field(() => BlockProof, { nullable: true, description: 'What proved the newest block in the answers.' })
  indexedBlockProof!: Proof | null;

  @Field(() => Int, { nullable: true, description: 'How many providers had that block.' })
  indexedBlockProviders!: number | null;

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

  @Field(() => Int, {
    nullable: true,
    description:
      'Logs of the chain that became no fact, for an operator to decide on: `parkedEvents(at: INGESTION)` lists them. Null where none counts them yet.',
  })
  parkedLogs!: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether some of the answers are known to differ from the chain: `drift(open: true)` says which. Null where nothing tells it yet.',
  })
  drift!: boolean | null;

  @Field(() => Reconciliation, {
    nullable: true,
    description: 'How far the comparing of the answers with the chain is; null where none was ever done.',
  })
  reconciliation!: Reconciliation | null;

  @Field(() => [Stage], {
    description:
      'Every step of the pipeline, whether a program runs it or not, and the accounts that send relayed commands now, each `relayer-<chain>-<address>`.',
  })
  stages!: readonly Stage[];

  @Field(() => Contracts)
  contracts!: Contracts;
}
