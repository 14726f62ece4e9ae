import { Inject } from '@nestjs/common';
import { Args, Context, Field, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Confirmations } from '../confirmations/confirmations.js';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Confirm, Confirming } from '../context/confirming.js';

@ObjectType()
export class ActConfirmation {
  @Field(() => Boolean)
  on!: boolean;
}

/** The second factor. */
@Resolver()
export class ConfirmationsResolver {
  constructor(@Inject(Confirmations) private readonly confirmations: Confirmations) {}

  @Mutation(() => ActConfirmation, {
    description:
      'From now on the caller’s acts take their wallet’s word, each, or do not any more; this one does either way.',
  })
  async setActConfirmation(
    @Caller() address: string,
    @Args('on', { type: () => Boolean }) on: boolean,
    @Context() { correlationId }: ApiContext,
    @Confirming('EVERYBODY') confirm: Confirm,
  ): Promise<ActConfirmation> {
    await confirm();
    await this.confirmations.set(address, on, correlationId);
    return { on };
  }
}
