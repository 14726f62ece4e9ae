import { Field, Float, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Stage } from '../chains/meta.types.js';
import { BigIntStringScalar, DateTimeScalar } from '../graphql/scalars.js';

export const StageUnit = { BLOCKS: 'BLOCKS', POSITIONS: 'POSITIONS' } as const;
registerEnumType(StageUnit, {
  name: 'StageUnit',
  valuesMap: {
    BLOCKS: { description: 'Blocks of its chain.' },
    POSITIONS: { description: 'Positions of the log: events where it lies in PostgreSQL.' },
  },
});

@ObjectType({ description: 'A step of the pipeline, with how fast it is.' })
export class PipelineStage extends Stage {
  @Field(() => StageUnit, { description: 'What `reached`, `end`, `behind` and `perSecond` count.' })
  unit!: keyof typeof StageUnit;

  @Field(() => Float, {
    nullable: true,
    description: 'What it has yet to handle; null where that is not known.',
  })
  behind!: number | null;

  @Field(() => Float, { description: 'For how long it has not been level; 0 where it is.' })
  behindSeconds!: number;

  @Field(() => Float, { description: 'Over the last five seconds.' })
  perSecond!: number;
}

@ObjectType({ description: 'The pipeline from the chain to the answers, at one moment.' })
export class Pipeline {
  @Field(() => DateTimeScalar)
  at!: string;

  @Field(() => BigIntStringScalar, { nullable: true, description: 'The newest event of the log.' })
  logHead!: bigint | null;

  @Field(() => BigIntStringScalar, { nullable: true, description: 'How far in the log all answers are.' })
  answersAt!: bigint | null;

  @Field(() => Float, {
    description: 'For how long the answers have been behind the log; 0 where they are not.',
  })
  lagSeconds!: number;

  @Field(() => [PipelineStage])
  stages!: readonly PipelineStage[];
}

@ObjectType({
  description: 'A stage in the last hour, as this process saw it: lists of the same length, oldest first.',
})
export class PipelineHistory {
  @Field(() => String)
  name!: string;

  @Field(() => [Float], { description: 'Seconds since 1970.' })
  at!: readonly number[];

  @Field(() => [Float], { description: 'What it had yet to handle; -1 where that was not known.' })
  behind!: readonly number[];

  @Field(() => [Float])
  perSecond!: readonly number[];
}
