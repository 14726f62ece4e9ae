import { parseIdempotencyKey, parseReason } from '@abland/domain';
import type { Clock, EventStore, Logger } from '@abland/kernel';
import { actOnBuilds, type BuildActKind } from '@abland/operations';
import { Inject } from '@nestjs/common';
import { Args, Context, Field, InputType, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type pg from 'pg';
import { type ApiContext, Caller } from '../context/api-context.js';
import { UuidScalar } from '../graphql/scalars.js';
import { type Operators, requireOperator } from '../operations/operators.js';
import { PORT } from '../ports/ports.js';
import { idOf, inputHashOf } from '../recording/identity.js';
import { recordingRejection } from '../recording/rejections.js';

@InputType({ isAbstract: true })
class ProjectionInput {
  @Field(() => String, {
    description:
      'The caller’s own name for this command, 1 to 100 visible ASCII characters: sending it again does nothing more.',
  })
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
      'Whether it takes the live one’s place by itself once it is level; else it waits to be promoted.',
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

@ObjectType({ description: 'It is done, or begun: the projector carries on what takes time.' })
export class BuildActReceipt {
  @Field(() => UuidScalar)
  operationId!: string;
}

type Input = ProjectionInput & { readonly build?: number | null; readonly promotesItself?: boolean };

/** What operators do with the builds of read models. */
@Resolver()
export class BuildActsResolver {
  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(PORT.logger) private readonly logger: Logger,
    @Inject(PORT.operators) private readonly operators: Operators,
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
  ): Promise<BuildActReceipt> {
    return this.act('rebuildProjection', 'REBUILD_PROJECTION', caller, input, context);
  }

  @Mutation(() => BuildActReceipt, {
    description: 'Lets a build that is BUILDING or READY stand until it is resumed. Only for operators.',
  })
  pauseProjection(
    @Caller() caller: string,
    @Args('input', { type: () => BuildActInput }) input: BuildActInput,
    @Context() context: ApiContext,
  ): Promise<BuildActReceipt> {
    return this.act('pauseProjection', 'PAUSE_PROJECTION', caller, input, context);
  }

  @Mutation(() => BuildActReceipt, {
    description: 'Lets a build that is PAUSED, or has FAILED, go on. Only for operators.',
  })
  resumeProjection(
    @Caller() caller: string,
    @Args('input', { type: () => BuildActInput }) input: BuildActInput,
    @Context() context: ApiContext,
  ): Promise<BuildActReceipt> {
    return this.act('resumeProjection', 'RESUME_PROJECTION', caller, input, context);
  }

  @Mutation(() => BuildActReceipt, {
    description:
      'Puts a build that is READY in the place of the live one, which is kept. Only for operators.',
  })
  promoteProjection(
    @Caller() caller: string,
    @Args('input', { type: () => BuildActInput }) input: BuildActInput,
    @Context() context: ApiContext,
  ): Promise<BuildActReceipt> {
    return this.act('promoteProjection', 'PROMOTE_PROJECTION', caller, input, context);
  }

  @Mutation(() => BuildActReceipt, {
    description:
      'Lets the RETIRED build catch up with what it missed, and take the live one’s place again. Only for operators.',
  })
  switchBackProjection(
    @Caller() caller: string,
    @Args('input', { type: () => BuildActInput }) input: BuildActInput,
    @Context() context: ApiContext,
  ): Promise<BuildActReceipt> {
    return this.act('switchBackProjection', 'SWITCH_BACK_PROJECTION', caller, input, context);
  }

  @Mutation(() => BuildActReceipt, {
    description:
      'Drops a build that is not LIVE, with its tables; it also ends one that is BUILDING. Only for operators.',
  })
  discardProjection(
    @Caller() caller: string,
    @Args('input', { type: () => BuildActInput }) input: BuildActInput,
    @Context() context: ApiContext,
  ): Promise<BuildActReceipt> {
    return this.act('discardProjection', 'DISCARD_PROJECTION', caller, input, context);
  }

  private async act(
    name: string,
    kind: BuildActKind,
    caller: string,
    input: Input,
    { correlationId }: ApiContext,
  ): Promise<BuildActReceipt> {
    const reason = parseReason(input.reason);
    const operationId = idOf(name, caller.toLowerCase(), parseIdempotencyKey(input.idempotencyKey));
    const subject = input.projection.slice(0, SUBJECT_CHARS_MAX);
    const { build = null, promotesItself } = input;
    const inputHash = inputHashOf(name, {
      ...{ projection: subject, build, reason },
      ...(promotesItself === undefined ? {} : { promotesItself }),
    });
    const rejectable = { name, caller, commandId: operationId, chainId: null, correlationId, inputHash };
    const { clock, log, logger, pool } = this;
    await recordingRejection({ log, clock }, rejectable, async () => requireOperator(this.operators, caller));
    await actOnBuilds(
      { log, clock, pool, logger },
      {
        ...{ operationId, kind, subject, requestedBy: caller, reason },
        ...(build === null ? {} : { build }),
        ...(promotesItself === undefined ? {} : { promotesItself }),
      },
    );
    return { operationId };
  }
}

/** No projection has a longer name. */
const SUBJECT_CHARS_MAX = 100;
