import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { ExplainedTable, RowChangeView } from '@abland/projections';
import type { RecordedEvent } from '@abland/kernel';
import { connectionOf } from '../graphql/connection.js';
import {
  BigIntStringScalar,
  DateTimeScalar,
  HashScalar,
  JsonScalar,
  UuidScalar,
} from '../graphql/scalars.js';

@ObjectType({ description: 'An event that changed a row, and where it is from.' })
export class RowEvent {
  @Field(() => BigIntStringScalar, { description: 'In the log.' })
  position!: string;

  @Field(() => UuidScalar)
  eventId!: string;

  @Field(() => String)
  type!: string;

  @Field(() => String)
  stream!: string;

  @Field(() => DateTimeScalar)
  recordedAt!: string;

  @Field(() => String, { description: 'Who did it: an address, `chain`, or a part of this deployment.' })
  actor!: string;

  @Field(() => Int, { nullable: true })
  blockNumber!: number | null;

  @Field(() => HashScalar, { nullable: true })
  blockHash!: string | null;

  @Field(() => HashScalar, { nullable: true })
  txHash!: string | null;

  @Field(() => Int, { nullable: true })
  logIndex!: number | null;

  @Field(() => UuidScalar, {
    nullable: true,
    description: 'The command that caused it, as its transaction claims; null where none did.',
  })
  commandId!: string | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'Of the reorg that took the change back; null: it stands.',
  })
  takenBackAt!: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'The row before it; null: there was none.' })
  before!: unknown;
}

export const RowEventConnection = connectionOf(RowEvent, 'RowEvent');

export function rowEventOf(change: RowChangeView, event: RecordedEvent): RowEvent {
  const { actor, chain } = event.metadata;
  return {
    position: change.position.toString(),
    eventId: event.id,
    type: event.type,
    stream: event.stream,
    recordedAt: event.recordedAt,
    actor,
    blockNumber: chain?.blockNumber ?? null,
    blockHash: chain?.blockHash ?? null,
    txHash: chain?.txHash ?? null,
    logIndex: chain?.logIndex ?? null,
    commandId: chain?.commandId ?? null,
    takenBackAt: change.takenBackAt?.toString() ?? null,
    before: change.before,
  };
}

@ObjectType({ description: 'Why a row of a read model is as it is.' })
export class Explanation {
  @Field(() => String)
  table!: string;

  @Field(() => [String])
  key!: string[];

  @Field(() => Boolean, {
    description: 'Whether all its events are told: the history that is kept begins before the row did.',
  })
  isWhole!: boolean;

  /** No field of the API. */
  of!: ExplainedTable;
}
