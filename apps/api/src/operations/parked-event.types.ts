import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { BigIntStringScalar, DateTimeScalar } from '../graphql/scalars.js';
import type { ParkedAt as At, ParkedEventView } from './parked-events.js';

export const ParkedAt = {
  PROJECTION: 'PROJECTION',
  PROCESS: 'PROCESS',
} as const satisfies Record<At, At>;
registerEnumType(ParkedAt, {
  name: 'ParkedAt',
  description: 'What left an event out.',
  valuesMap: {
    PROJECTION: { description: 'A read model: its answers lack what the event tells.' },
    PROCESS: { description: 'A process: a command that follows from the event was not carried out.' },
  },
});

@ObjectType({ description: 'An event that was left out for the rest to go on. It waits for an operator.' })
export class ParkedEvent implements ParkedEventView {
  @Field(() => String)
  id!: string;

  @Field(() => ParkedAt)
  at!: At;

  @Field(() => String, { description: 'The projection’s or process’s name.' })
  by!: string;

  @Field(() => String, { description: 'The event, or the one that a command follows from.' })
  eventId!: string;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'Of the event in the log; null where a process parked it.',
  })
  position!: bigint | null;

  @Field(() => String)
  stream!: string;

  @Field(() => String, { description: 'The event’s type, or the command’s.' })
  type!: string;

  @Field(() => String)
  code!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Our own code broke, rather than the event being wrong; null where a process parked it.',
  })
  defect!: boolean | null;

  @Field(() => DateTimeScalar)
  parkedAt!: string;
}

export const ParkedEventConnection = connectionOf(ParkedEvent, 'ParkedEvent');
