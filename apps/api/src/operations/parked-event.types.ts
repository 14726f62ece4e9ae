import type { ParkedAt as At, ParkedEventView } from '@abland/projections';
import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { BigIntStringScalar, DateTimeScalar } from '../graphql/scalars.js';

export const ParkedAt = {
  STREAM: 'STREAM',
  INGESTION: 'INGESTION',
  PROJECTION: 'PROJECTION',
  PROCESS: 'PROCESS',
} as const satisfies Record<At, At>;
registerEnumType(ParkedAt, {
  name: 'ParkedAt',
  description: 'What left an event out.',
  valuesMap: {
    STREAM: { description: 'The log stream: a message that could not be taken. No block was lost with it.' },
    INGESTION: { description: 'Ingestion: a log of ours that became no fact.' },
    PROJECTION: { description: 'A read model: its answers lack what the event tells.' },
    PROCESS: { description: 'A process: a command that follows from the event was not carried out.' },
  },
});

@ObjectType({
  description:
    'An event that was left out for the rest to go on. An operator decides what becomes of it, by `retryParkedEvent` or `skipParkedEvent`; not of a message of the log stream, with which nothing was lost.',
})
export class ParkedEvent implements ParkedEventView {
  @Field(() => String)
  id!: string;

  @Field(() => ParkedAt)
  at!: At;

  @Field(() => String, { description: 'The name of the ingester, the projection or the process.' })
  by!: string;

  @Field(() => String, { description: 'The event, or the one that a command follows from.' })
  eventId!: string;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'Of the event in the log; null where it is not told.',
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
    description: 'Our own code broke, rather than the event being wrong; null where that is not told.',
  })
  defect!: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where our code was when it failed, 4,000 characters at most; null where that was not kept.',
  })
  stack!: string | null;

  @Field(() => DateTimeScalar)
  parkedAt!: string;
}

export const ParkedEventConnection = connectionOf(ParkedEvent, 'ParkedEvent');
