import { Inject } from '@nestjs/common';
import { Args, Context, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type { Clock, EventStore } from '@abland/kernel';
import { decideParkedEvent, type NeedingApproval, type ParkedEventAct } from '@abland/operations';
import type pg from 'pg';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Confirm, Confirming } from '../context/confirming.js';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.js';
import { UuidScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { AWAITS_APPROVAL } from './operation.types.js';
import { OperatorActs } from './operator-acts.js';

@InputType()
export class ParkedEventDecisionInput {
  @Field(() => String, IDEMPOTENCY_KEY)
  idempotencyKey!: string;

  @Field(() => String, { description: 'As `parkedEvents` tells it.' })
  id!: string;

  @Field(() => String, { description: '3 to 200 characters on one line: it stays in the log for good.' })
  reason!: string;
}

@ObjectType({
  description:
    'What was decided is done, or awaits approval; `operation` tells who, why and what came of it.',
})
export class ParkedEventReceipt {
  @Field(() => UuidScalar)
  operationId!: string;

  @Field(() => Boolean, AWAITS_APPROVAL)
  awaitsApproval!: boolean;
}

/** What becomes of what is parked; only for operators. */
@Resolver()
export class ParkedDecisionsResolver {
  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(PORT.approvals) private readonly approvals: NeedingApproval,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
    @Inject(OperatorActs) private readonly acts: OperatorActs,
  ) {}

  @Mutation(() => ParkedEventReceipt, {
    description:
      'Of a log that ingestion parked: reads it anew, and takes its fact in where it tells one now and none came in its place. Of an event that a read model parked: begins a build of it, which handles the event where its definition can. Of what a process parked: lets it go over the log again, which does once more what was not done. Only for operators.',
  })
  retryParkedEvent(
    @Caller() caller: string,
    @Args('input', { type: () => ParkedEventDecisionInput }) input: ParkedEventDecisionInput,
    @Context() { correlationId }: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<ParkedEventReceipt> {
    return this.decide('retryParkedEvent', 'RETRY_PARKED_EVENT', caller, input, { correlationId, confirm });
  }

  @Mutation(() => ParkedEventReceipt, {
    description:
      'Leaves what ingestion, a read model or a process parked out for good, however often the log is gone over again; only for operators.',
  })
  skipParkedEvent(
    @Caller() caller: string,
    @Args('input', { type: () => ParkedEventDecisionInput }) input: ParkedEventDecisionInput,
    @Context() { correlationId }: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<ParkedEventReceipt> {
    return this.decide('skipParkedEvent', 'SKIP_PARKED_EVENT', caller, input, { correlationId, confirm });
  }

  private async decide(
    name: string,
    kind: ParkedEventAct['kind'],
    caller: string,
    input: ParkedEventDecisionInput,
    request: { readonly correlationId: string; readonly confirm: Confirm },
  ): Promise<ParkedEventReceipt> {
    const subject = input.id.slice(0, SUBJECT_CHARS_MAX);
    const { idempotencyKey, reason } = input;
    const { approvals, clock, log, pool } = this;
    const asked = { name, caller, ...request, idempotencyKey, reason, input: { id: subject } };
    return this.acts.run(asked, async (word) => {
      const became = await decideParkedEvent({ log, clock, pool, approvals }, { ...word, kind, subject });
      return { operationId: word.operationId, awaitsApproval: became === 'AWAITS_APPROVAL' };
    });
  }
}

/** No id of what is parked is longer. */
const SUBJECT_CHARS_MAX = 200;
