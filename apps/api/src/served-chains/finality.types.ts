import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DateTimeScalar, HashScalar } from '../graphql/scalars.js';

export const FinalityStatus = { CONFIRMED: 'CONFIRMED', FINAL: 'FINAL' } as const;
registerEnumType(FinalityStatus, {
  name: 'FinalityStatus',
  valuesMap: {
    CONFIRMED: { description: 'In a block; a reorg may still take it back.' },
    FINAL: { description: 'In a block that is final.' },
  },
});

@ObjectType({
  description: 'How sure a row is: where on the chain its newest change lies and how deep that is by now.',
})
export class Finality {
  @Field(() => FinalityStatus)
  status!: keyof typeof FinalityStatus;

  @Field(() => Int, { description: 'Blocks from its own one to the head, both included.' })
  confirmations!: number;

  @Field(() => Int)
  blockNumber!: number;

  @Field(() => HashScalar, { nullable: true })
  blockHash!: string | null;

  @Field(() => DateTimeScalar, { nullable: true })
  blockTime!: string | null;
}
