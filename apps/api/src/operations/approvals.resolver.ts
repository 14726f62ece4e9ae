import type { Clock, EventStore, Logger } from '@abland/kernel';
import { approveOperation, declineOperation } from '@abland/operations';
import { Inject } from '@nestjs/common';
import { Args, Context, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type pg from 'pg';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Confirm, Confirming } from '../context/confirming.js';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.js';
import { UuidScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { OperatorActs, type OperatorsWord } from './operator-acts.js';

@InputType()
export class OperationDecisionInput {
  @Field(() => String, IDEMPOTENCY_KEY)
  idempotencyKey!: string;

  @Field(() => UuidScalar, { description: 'Of an operation that is AWAITING_APPROVAL.' })
  operationId!: string;

  @Field(() => String, { description: '3 to 200 characters on one line: it stays in the log for good.' })
  reason!: string;
}

@ObjectType({ description: 'It is decided; `operation` tells what came of it.' })
export class OperationDecisionReceipt {
  @Field(() => UuidScalar)
  operationId!: string;
}

/** The second key: what an operator says to what another one asked for. */
@Resolver()
export class ApprovalsResolver {
  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(PORT.logger) private readonly logger: Logger,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
    @Inject(OperatorActs) private readonly acts: OperatorActs,
  ) {}

  @Mutation(() => OperationDecisionReceipt, {
    description:
      'Does what another operator asked for and a second one has to approve. Only for operators, and not for who asked.',
  })
  approveOperation(
    @Caller() caller: string,
    @Args('input', { type: () => OperationDecisionInput }) input: OperationDecisionInput,
    @Context() context: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<OperationDecisionReceipt> {
    const { clock, log, logger, pool } = this;
    return this.decide('approveOperation', caller, input, context, confirm, ({ reason, requestedBy: by }) =>
      approveOperation({ log, clock, logger, pool }, { operationId: input.operationId, by, reason }),
    );
  }

  @Mutation(() => OperationDecisionReceipt, {
    description:
      'Says that what awaits approval is not to be done; who asked for it takes it back so. Only for operators.',
  })
  declineOperation(
    @Caller() caller: string,
    @Args('input', { type: () => OperationDecisionInput }) input: OperationDecisionInput,
    @Context() context: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<OperationDecisionReceipt> {
    const { clock, log } = this;
    return this.decide('declineOperation', caller, input, context, confirm, ({ reason, requestedBy: by }) =>
      declineOperation({ log, clock }, { operationId: input.operationId, by, reason }),
    );
  }

  private async decide(
    name: string,
    caller: string,
    { idempotencyKey, operationId, reason }: OperationDecisionInput,
    { correlationId }: ApiContext,
    confirm: Confirm,
    say: (word: OperatorsWord) => Promise<void>,
  ): Promise<OperationDecisionReceipt> {
    const asked = { name, caller, correlationId, confirm, idempotencyKey, reason, input: { operationId } };
    await this.acts.run(asked, say);
    return { operationId };
  }
}
