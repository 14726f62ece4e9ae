import type { OperationKind as Kind, OperationStatus as Status } from '@abland/domain';
import type { OperationView } from '@abland/projections';
import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { DateTimeScalar, UuidScalar } from '../graphql/scalars.js';

export const OperationKind = {
  REBUILD_PROJECTION: 'REBUILD_PROJECTION',
  PAUSE_PROJECTION: 'PAUSE_PROJECTION',
  RESUME_PROJECTION: 'RESUME_PROJECTION',
  PROMOTE_PROJECTION: 'PROMOTE_PROJECTION',
  SWITCH_BACK_PROJECTION: 'SWITCH_BACK_PROJECTION',
  DISCARD_PROJECTION: 'DISCARD_PROJECTION',
  ERASE_USER: 'ERASE_USER',
  COPY_LOG: 'COPY_LOG',
  RETRY_PARKED_EVENT: 'RETRY_PARKED_EVENT',
  SKIP_PARKED_EVENT: 'SKIP_PARKED_EVENT',
  ACCEPT_REORG: 'ACCEPT_REORG',
  WAIT_FOR_BRANCH: 'WAIT_FOR_BRANCH',
} as const satisfies Record<Kind, Kind>;
registerEnumType(OperationKind, { name: 'OperationKind' });

export const OperationStatus = {
  AWAITING_APPROVAL: 'AWAITING_APPROVAL',
  REQUESTED: 'REQUESTED',
  DECLINED: 'DECLINED',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
} as const satisfies Record<Status, Status>;
registerEnumType(OperationStatus, {
  name: 'OperationStatus',
  valuesMap: {
    AWAITING_APPROVAL: {
      description: 'A second operator has to approve it before it is done, by `approveOperation`.',
    },
    DECLINED: { description: 'An operator said that it is not to be done; nothing was.' },
    REQUESTED: { description: 'It is being done, or was interrupted.' },
    COMPLETED: { description: 'It is done.' },
    FAILED: { description: 'It could not be done; it is asked for anew, as another one.' },
  },
});

/** Of a receipt. */
export const AWAITS_APPROVAL = {
  description: 'Nothing was done: a second operator has to approve it, by `approveOperation`.',
};

@ObjectType()
export class OperationFigure {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

@ObjectType()
export class OperationFailure {
  @Field(() => String)
  code!: string;

  @Field(() => String, { nullable: true })
  reason!: string | null;
}

@ObjectType({ description: 'What an operator said to what another one asked for.' })
export class OperationDecision {
  @Field(() => String, { description: 'An operator’s address, or `operator:<name>` at the machine itself.' })
  by!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => DateTimeScalar)
  at!: string;
}

@ObjectType({ description: 'Something that an operator did, or is doing: who, why, and what came of it.' })
export class Operation {
  @Field(() => UuidScalar)
  id!: string;

  @Field(() => OperationKind)
  kind!: Kind;

  @Field(() => String, {
    description: 'What it is done to: a projection’s name, a person’s address, the id of a parked event.',
  })
  subject!: string;

  @Field(() => String, { description: 'An operator’s address, or `operator:<name>` at the machine itself.' })
  requestedBy!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => OperationStatus)
  status!: Status;

  @Field(() => [OperationFigure], { nullable: true, description: 'Null until it is COMPLETED.' })
  result!: readonly OperationFigure[] | null;

  @Field(() => OperationFailure, { nullable: true })
  failure!: OperationFailure | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Of what a second operator has to approve, or had: the build that it is done to.',
  })
  build!: number | null;

  @Field(() => OperationDecision, {
    nullable: true,
    description: 'Who approved or declined it; null where nobody had to, or did yet.',
  })
  decision!: OperationDecision | null;

  @Field(() => DateTimeScalar)
  requestedAt!: string;

  @Field(() => DateTimeScalar, { nullable: true })
  endedAt!: string | null;
}

export const OperationConnection = connectionOf(Operation, 'Operation');

export function operationOf({ failureCode, failureReason, ...view }: OperationView): Operation {
  const failure = failureCode === null ? null : { code: failureCode, reason: failureReason };
  return { ...view, failure };
}
