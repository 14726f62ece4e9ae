import { ArgsType, Field, type FieldOptions, Int } from '@nestjs/graphql';
import { PageArgs } from '../graphql/page.args.js';

export const CHAIN_ID: FieldOptions = {
  nullable: true,
  description: 'Of which chain; needed only where this deployment serves several.',
};

@ArgsType()
export class ChainArgs {
  @Field(() => Int, CHAIN_ID)
  chainId?: number | null;
}

/** A list of what is on one chain. */
@ArgsType()
export class ChainPageArgs extends PageArgs {
  @Field(() => Int, CHAIN_ID)
  chainId?: number | null;
}
