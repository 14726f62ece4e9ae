import { Inject } from '@nestjs/common';
import { Args, Context, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { parseIdempotencyKey, parseReason } from '@abland/domain';
import type { Clock, EventStore } from '@abland/kernel';
import { decideParkedEvent, type ParkedEventAct } from '@abland/operations';
import type pg from 'pg';
import { type ApiContext, Caller } from '../context/api-context.js';
import { UuidScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { idOf, inputHashOf } from '../recording/identity.js';
import { recordingRejection } from '../recording/rejections.js';
import { type Operators, requireOperator } from './operators.js';

@InputType()
export class ParkedEventDecisionInput {
  @Field(() => String, {
    description:
      'The caller’s own name for this command, 1 to 100 visible ASCII characters: sending it again does nothing more.',
  })
  idempotencyKey!: string;

  @Field(() => String, { description: 'As `parkedEvents` tells it.' })
  id!: string;

  @Field(() => String, { description: '3 to 200 characters on one line: it stays in the log for good.' })
  reason!: string;
}

@ObjectType({ description: 'What was decided is done; `operation` tells who, why and what came of it.' })
export class ParkedEventReceipt {
  @Field(() => UuidScalar)
  operationId!: string;
}

/** What becomes of what is parked; only for operators. */
@Resolver()
export class ParkedDecisionsResolver {
  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(PORT.operators) private readonly operators: Operators,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
  ) {}

  @Mutation(() => ParkedEventReceipt, {
    description:
      'Reads a log that ingestion parked anew, and takes its fact in where it tells one now and none came in its place; only for operators.',
  })
  retryParkedEvent(
    @Caller() caller: string,
    @Args('input', { type: () => ParkedEventDecisionInput }) input: ParkedEventDecisionInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<ParkedEventReceipt> {
    return this.decide('retryParkedEvent', 'RETRY_PARKED_EVENT', caller, input, correlationId);
  }

  @Mutation(() => ParkedEventReceipt, {
    description: 'Leaves a log that ingestion parked out for good; only for operators.',
  })
  skipParkedEvent(
    @Caller() caller: string,
    @Args('input', { type: () => ParkedEventDecisionInput }) input: ParkedEventDecisionInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<ParkedEventReceipt> {
    return this.decide('skipParkedEvent', 'SKIP_PARKED_EVENT', caller, input, correlationId);
  }

  private async decide(
    name: string,
    kind: ParkedEventAct['kind'],
    caller: string,
    input: ParkedEventDecisionInput,
    correlationId: string,
  ): Promise<ParkedEventReceipt> {
    const reason = parseReason(input.reason);
    const { id: subject } = input;
    const operationId = idOf(name, caller.toLowerCase(), parseIdempotencyKey(input.idempotencyKey));
    const inputHash = inputHashOf(name, { id: subject, reason });
    const rejectable = { name, caller, commandId: operationId, chainId: null, correlationId, inputHash };
    const { clock, log, pool } = this;
    await recordingRejection({ log, clock }, rejectable, async () => requireOperator(this.operators, caller));
    const act = { operationId, kind, subject, requestedBy: caller, reason };
    await decideParkedEvent({ log, clock, pool }, act);
    return { operationId };
  }
}
