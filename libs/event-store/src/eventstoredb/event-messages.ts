import type { EventMetadata, NewEvent, RecordedEvent } from '@abland/kernel';
import type { ResolvedEvent } from '@eventstore/db-client';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { recordedTime } from '../reading/recorded-time.js';

type ProposedMessage = InstanceType<typeof streamsPb.BatchAppendReq.ProposedMessage>;

/** The schema version travels with the metadata: EventStoreDB has no field for it. */
interface StoredMetadata extends EventMetadata {
  readonly schemaVersion?: number;
  /** Of an event that was copied here: when its first store recorded it, ISO 8601 UTC. */
  readonly firstRecordedAt?: string;
}

export interface EncodedEvent {
  readonly message: ProposedMessage;
  /** What counts against the server's limit of an append. */
  readonly dataBytes: number;
}

/** @param firstRecordedAt of an event that is copied from another store */
export function encodeEvent(event: NewEvent, firstRecordedAt?: string): EncodedEvent {
  const data = Buffer.from(JSON.stringify(event.data), 'utf8');
  const metadata: StoredMetadata = {
    ...event.metadata,
    schemaVersion: event.version,
    ...(firstRecordedAt === undefined ? {} : { firstRecordedAt }),
  };
  const id = new sharedPb.UUID();
  id.setString(event.id);
  const message = new streamsPb.BatchAppendReq.ProposedMessage();
  message.setId(id);
  message.getMetadataMap().set('type', event.type).set('content-type', 'application/json');
  message.setData(data);
  message.setCustomMetadata(Buffer.from(JSON.stringify(metadata), 'utf8'));
  return { message, dataBytes: data.length };
}

/** Null for what is not ours: system events, links, and events without a position. */
export function decodeEvent({ event }: ResolvedEvent): RecordedEvent | null {
  if (event === undefined || event.type.startsWith('$') || event.streamId.startsWith('$')) return null;
  const position = event.position?.commit;
  if (position === undefined || !event.isJson) return null;
  const {
    schemaVersion = 1,
    firstRecordedAt,
    ...metadata
  } = (event.metadata ?? {}) as unknown as StoredMetadata;
  return {
    id: event.id,
    type: event.type,
    version: schemaVersion,
    data: event.data as RecordedEvent['data'],
    metadata,
    stream: event.streamId,
    revision: event.revision,
    position,
    recordedAt: firstRecordedAt ?? recordedTime(event.created.getTime()),
  };
}
