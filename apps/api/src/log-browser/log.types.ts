import type { RecordedEvent } from '@abland/kernel';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { FIRST_DEFAULT } from '../graphql/connection.js';
import {
  BigIntStringScalar,
  DateTimeScalar,
  HashScalar,
  JsonScalar,
  UuidScalar,
} from '../graphql/scalars.js';

@ObjectType({ description: 'Where on the chain a fact was found.' })
export class LogEventChain {
  @Field(() => Int)
  chainId!: number;

  @Field(() => Int)
  blockNumber!: number;

  @Field(() => HashScalar)
  blockHash!: string;

  @Field(() => DateTimeScalar)
  blockTime!: string;

  @Field(() => HashScalar, {
    nullable: true,
    description: 'Null for facts of blocks rather than transactions.',
  })
  txHash!: string | null;

  @Field(() => Int, { nullable: true })
  logIndex!: number | null;

  @Field(() => String, { nullable: true, description: 'Of the command whose id its transaction carries.' })
  commandId!: string | null;
}

@ObjectType({ description: 'An event as it is stored: what is sealed stays so.' })
export class LogEvent {
  @Field(() => UuidScalar)
  id!: string;

  @Field(() => BigIntStringScalar, { description: 'Its place in the log; opaque but for its order.' })
  position!: bigint;

  @Field(() => String)
  stream!: string;

  @Field(() => BigIntStringScalar, { description: 'Its number in its stream, from 0.' })
  revision!: bigint;

  @Field(() => String)
  type!: string;

  @Field(() => Int, { description: 'Of the schema that it was written by.' })
  version!: number;

  @Field(() => DateTimeScalar)
  recordedAt!: string;

  @Field(() => String, {
    description: 'The same for everything that one command or one block set in motion.',
  })
  correlationId!: string;

  @Field(() => String, { nullable: true, description: 'Of the event or the command that led to it.' })
  causationId!: string | null;

  @Field(() => String, {
    description: 'Who acted: an address, `chain`, `process:<name>` or `operator:<name>`.',
  })
  actor!: string;

  @Field(() => LogEventChain, { nullable: true, description: 'Null for what is no fact of a chain.' })
  chain!: LogEventChain | null;

  @Field(() => JsonScalar)
  data!: unknown;
}

@ObjectType()
export class LogEventPage {
  @Field(() => [LogEvent])
  events!: readonly LogEvent[];

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description:
      'As `before`, or `after`, of the next page, which there may be although this one has few events, or none; null: there is no more.',
  })
  next!: bigint | null;

  @Field(() => Int, { description: 'Events that were looked through for it, 20,000 at most.' })
  searched!: number;

  @Field(() => Int, { description: 'Events left out: those of orders that wait are told to nobody.' })
  withheld!: number;
}

@ObjectType()
export class LogTreeNode {
  @Field(() => LogEvent)
  event!: LogEvent;

  @Field(() => UuidScalar, { nullable: true, description: 'The event that it came of; null for the first.' })
  causeId!: string | null;
}

@ObjectType({ description: 'What an event came of, and all that came of that.' })
export class LogEventTree {
  @Field(() => [LogTreeNode], { description: 'In the order of the log, 200 at most.' })
  nodes!: readonly LogTreeNode[];

  @Field(() => Int, { description: 'Events after the first that were looked through, 20,000 at most.' })
  searched!: number;

  @Field(() => Boolean, { description: 'Whether that was all there is.' })
  whole!: boolean;

  @Field(() => Int, { description: 'Events left out: those of orders that wait are told to nobody.' })
  withheld!: number;
}

@ArgsType()
export class LogEventsArgs {
  @Field(() => String, { nullable: true, description: 'A stream by its whole name.' })
  stream!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the names of streams begin with: `request-`, say.',
  })
  streamPrefix!: string | null;

  @Field(() => [String], { nullable: true, description: '1 to 20 types of events.' })
  types!: readonly string[] | null;

  @Field(() => String, { nullable: true })
  correlationId!: string | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'The newest events before it, the newest first; absent: before the end of the log.',
  })
  before!: string | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'The oldest events after it, the oldest first; not beside `before`.',
  })
  after!: string | null;

  @Field(() => Int, { nullable: true, defaultValue: FIRST_DEFAULT, description: '1 to 100.' })
  first!: number | null;
}

export function logEventOf({ data, metadata, ...event }: RecordedEvent): LogEvent {
  const { actor, causationId, chain, correlationId } = metadata;
  const { id, position, recordedAt, revision, stream, type, version } = event;
  return {
    ...{ id, position, stream, revision, type, version, recordedAt, correlationId, causationId, actor, data },
    chain:
      chain === undefined ? null : { ...chain, blockTime: new Date(chain.blockTime * 1000).toISOString() },
  };
}
