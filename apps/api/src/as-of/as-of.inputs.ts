import { ArgsType, Field, type FieldOptions, InputType, Int } from '@nestjs/graphql';
import { BigIntStringScalar, DateTimeScalar } from '../graphql/scalars.js';
import { ChainArgs, ChainPageArgs } from '../served-chains/chain.args.js';

@InputType({ description: 'A state of the past. Give exactly one.' })
export class AsOfInput {
  @Field(() => Int, {
    nullable: true,
    description: 'What was so after this block of the chain as it is known now.',
  })
  block?: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'What was so after the newest block until then, of the chain as it is known now.',
  })
  blockTime?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'What this API answered then: by the events that were recorded by that moment, whatever reorg came later.',
  })
  recordedAt?: string | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'What this API answered after the event at this position of the log.',
  })
  position?: string | null;
}

const AS_OF: FieldOptions = {
  nullable: true,
  description: 'The state to read; absent: that of now. What hangs on the rows is of the same state.',
};

@ArgsType()
export class StateArgs extends ChainArgs {
  @Field(() => AsOfInput, AS_OF)
  asOf?: AsOfInput | null;
}

/** A list of what is, or was, on one chain. */
@ArgsType()
export class StatePageArgs extends ChainPageArgs {
  @Field(() => AsOfInput, AS_OF)
  asOf?: AsOfInput | null;
}
