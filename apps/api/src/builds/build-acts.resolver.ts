import type { Clock, EventStore, Logger } from '@abland/kernel';
import { actOnBuilds, type BuildActKind, type NeedingApproval } from '@abland/operations';
import { Inject } from '@nestjs/common';
import { Args, Context, Field, InputType, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type pg from 'pg';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Confirm, Confirming } from '../context/confirming.js';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.js';
import { UuidScalar } from '../graphql/scalars.js';
import { AWAITS_APPROVAL } from '../operations/operation.types.js';
import { OperatorActs } from '../operations/operator-acts.js';
import { PORT } from '../ports/ports.js';

@InputType({ isAbstract: true })
class ProjectionInput {
  @Field(() => String, IDEMPOTENCY_KEY)
  idempotencyKey!: string;

  @Field(() => String, { description: 'A name in `projections`.' })
  projection!: string;

  @Field(() => String, { description: '3 to 200 characters on one line: it stays in the log for good.' })
  reason!: string;
}

@InputType()
export class RebuildProjectionInput extends ProjectionInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether it takes the live one’s place by itself once it is level and differs in nothing unexplained; else it waits to be promoted.',
  })
  promotesItself!: boolean;
}

@InputType()
export class BuildActInput extends ProjectionInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Which build, by its number; needed only where several could be meant.',
  })
  build?: number | null;
}

@ObjectType({
  description: 'It is done, or begun: the projector carries on what takes time; or it awaits approval.',
})
export class BuildActReceipt {
  @Field(() => UuidScalar)
  operationId!: string;

  @Field(() => Boolean, AWAITS_APPROVAL)
  awaitsApproval!: boolean;
}

type Input = ProjectionInput & { readonly build?: number | null; readonly promotesItself?: boolean };

/** What operators do with the builds of read models. */
@Resolver()
export class BuildActsResolver {
  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(PORT.logger) private readonly logger: Logger,
    @Inject(PORT.approvals) private readonly approvals: NeedingApproval,
    @Inject(OperatorActs) private readonly acts: OperatorActs,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
  ) {}

  @Mutation(() => BuildActReceipt, {
    description:
      'Begins a build of a read model beside the live one, from the first event on. Only for operators.',
  })
  rebuildProjection(
    @Caller() caller: string,
    @Args('input', { type: () => RebuildProjectionInput }) input: RebuildProjectionInput,
    @Context() context: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<BuildActReceipt> {
    return this.act('rebuildProjection', 'REBUILD_PROJECTION', caller, input, context, confirm);
  }

  @Mutation(() => BuildActReceipt, {
    description: 'Lets a build that is BUILDING or READY stand until it is resumed. Only for operators.',
  })
  pauseProjection(
    @Caller() caller: string,
    @Args('input', { type: () => BuildActInput }) input: BuildActInput,
    @Context() context: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<BuildActReceipt> {
    return this.act('pauseProjection', 'PAUSE_PROJECTION', caller, input, context, confirm);
  }

  @Mutation(() => BuildActReceipt, {
    description: 'Lets a build that is PAUSED, or has FAILED, go on. Only for operators.',
  })
  resumeProjection(
    @Caller() caller: string,
    @Args('input', { type: () => BuildActInput }) input: BuildActInput,
    @Context() context: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<BuildActReceipt> {
    return this.act('resumeProjection', 'RESUME_PROJECTION', caller, input, context, confirm);
  }

  @Mutation(() => BuildActReceipt, {
    description:
      'Puts a build that is READY in the place of the live one, which is kept. Only for operators.',
  })
  promoteProjection(
    @Caller() caller: string,
    @Args('input', { type: () => BuildActInput }) input: BuildActInput,
    @Context() context: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<BuildActReceipt> {
    return this.act('promoteProjection', 'PROMOTE_PROJECTION', caller, input, context, confirm);
  }

  @Mutation(() => BuildActReceipt, {
    description:
      'Lets the RETIRED build catch up with what it missed, and take the live one’s place again. Only for operators.',
  })
  switchBackProjection(
    @Caller() caller: string,
    @Args('input', { type: () => BuildActInput }) input: BuildActInput,
    @Context() context: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<BuildActReceipt> {
    return this.act('switchBackProjection', 'SWITCH_BACK_PROJECTION', caller, input, context, confirm);
  }

  @Mutation(() => BuildActReceipt, {
    description:
      'Drops a build that is not LIVE, with its tables; it also ends one that is BUILDING. Only for operators.',
  })
  discardProjection(
    @Caller() caller: string,
    @Args('input', { type: () => BuildActInput }) input: BuildActInput,
    @Context() context: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<BuildActReceipt> {
    return this.act('discardProjection', 'DISCARD_PROJECTION', caller, input, context, confirm);
  }

  private async act(
    name: string,
    kind: BuildActKind,
    caller: string,
    input: Input,
    { correlationId }: ApiContext,
    confirm: Confirm,
  ): Promise<BuildActReceipt> {
    const subject = input.projection.slice(0, SUBJECT_CHARS_MAX);
    const { build = null, idempotencyKey, promotesItself, reason } = input;
    const promotes = promotesItself === undefined ? {} : { promotesItself };
    const asked = { name, caller, correlationId, confirm, idempotencyKey, reason };
    const { approvals, clock, log, logger, pool } = this;
    return this.acts.run({ ...asked, input: { projection: subject, build, ...promotes } }, async (word) => {
      const named = build === null ? {} : { build };
      const act = { ...word, kind, subject, ...named, ...promotes };
      const became = await actOnBuilds({ log, clock, pool, logger, approvals }, act);
      return { operationId: word.operationId, awaitsApproval: became === 'AWAITS_APPROVAL' };
    });
  }
}

/** No projection has a longer name. */
const SUBJECT_CHARS_MAX = 100;
