import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import type { ProposedRecord, StandInExpectation, StandInOutcome, StandInRecord } from './stand-in-log.js';

export type BatchRequest = InstanceType<typeof streamsPb.BatchAppendReq>;
export type BatchResponse = InstanceType<typeof streamsPb.BatchAppendResp>;
export type ReadRequest = InstanceType<typeof streamsPb.ReadReq>;
export type ReadResponse = InstanceType<typeof streamsPb.ReadResp>;

export function proposedOf(request: BatchRequest): ProposedRecord[] {
  return request.getProposedMessagesList().map((message) => ({
    id: message.getId()?.getString() ?? '',
    type: message.getMetadataMap().get('type') ?? '',
    contentType: message.getMetadataMap().get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }));
}

export function expectationOf(request: BatchRequest): StandInExpectation {
  const options = request.getOptions();
  if (options === undefined) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasStreamPosition() ? BigInt(options.getStreamPosition()) : 'any';
}

export function streamOf(request: BatchRequest): string {
  const name = request.getOptions()?.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array();
  return Buffer.from(name).toString('utf8');
}

function identifierOf(stream: string): InstanceType<typeof sharedPb.StreamIdentifier> {
  const identifier = new sharedPb.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  return identifier;
}

export function batchResponse(request: BatchRequest, outcome: StandInOutcome): BatchResponse {
  if (outcome.kind === 'stored') {
    const response = new streamsPb.BatchAppendResp();
    response.setCorrelationId(request.getCorrelationId());
    response.setStreamIdentifier(identifierOf(streamOf(request)));
    const position = new sharedPb.AllStreamPosition();
    position.setCommitPosition(outcome.position.toString());
    position.setPreparePosition(outcome.position.toString());
    const success = new streamsPb.BatchAppendResp.Success();
    success.setCurrentRevision(outcome.revision.toString());
    success.setPosition(position);
    response.setSuccess(success);
    return response;
  }
  return failedResponse(request, outcome.kind === 'too-large' ? tooLarge() : wrongVersion(outcome.actual));
}

/** As the server says what keeps it from storing anything: in words, with nothing in the details. */
export function notHandledResponse(request: BatchRequest, reason: string): BatchResponse {
  return failedResponse(request, status('google.protobuf.Empty', new Uint8Array(), reason));
}

export function unknownResponse(request: BatchRequest): BatchResponse {
  return failedResponse(request, status('event_store.client.Unknown', new Uint8Array(), 'Unknown'));
}

export function badRequestResponse(request: BatchRequest, reason: string): BatchResponse {
  const details = new sharedPb.BadRequest();
  details.setMessage(reason);
  const error = status('event_store.client.BadRequest', details.serializeBinary(), 'BadRequest');
  return failedResponse(request, error);
}

/** Milliseconds since the epoch; an append without a deadline has all the time. */
export function deadlineOf(request: BatchRequest): number {
  return request.getOptions()?.getDeadline()?.toDate().getTime() ?? Infinity;
}

export function timeoutResponse(request: BatchRequest): BatchResponse {
  return failedResponse(request, status('event_store.client.Timeout', new Uint8Array(), 'Timeout'));
}

function failedResponse(request: BatchRequest, error: InstanceType<typeof statusPb.Status>): BatchResponse {
  const response = new streamsPb.BatchAppendResp();
  response.setCorrelationId(request.getCorrelationId());
  response.setStreamIdentifier(identifierOf(streamOf(request)));
  response.setError(error);
  return response;
}

/** The server's protocol lets an answer have no position; ours must not depend on one. */
export function withoutPosition(response: BatchResponse): BatchResponse {
  response.getSuccess()?.setNoPosition(new sharedPb.Empty() as never);
  return response;
}

function wrongVersion(actual: bigint | null): InstanceType<typeof statusPb.Status> {
  const wrong = new sharedPb.WrongExpectedVersion();
  if (actual === null) wrong.setCurrentNoStream(new sharedPb.Empty() as never);
  else wrong.setCurrentStreamRevision(actual.toString());
  return status('event_store.client.WrongExpectedVersion', wrong.serializeBinary(), '');
}

function tooLarge(): InstanceType<typeof statusPb.Status> {
  const details = new sharedPb.MaximumAppendSizeExceeded();
  details.setMaxappendsize(1_048_576);
  return status('event_store.client.MaximumAppendSizeExceeded', details.serializeBinary(), '');
}

function status(typeName: string, value: Uint8Array, message: string): InstanceType<typeof statusPb.Status> {
  const details = new anyPb.Any();
  details.pack(value, typeName);
  const result = new statusPb.Status();
  result.setMessage(message);
  result.setDetails(details);
  return result;
}

export function eventResponse(record: StandInRecord): ReadResponse {
  const id = new sharedPb.UUID();
  id.setString(record.id);
  const recorded = new streamsPb.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(identifierOf(record.stream));
  recorded.setStreamRevision(record.revision.toString());
  recorded.setCommitPosition(record.position.toString());
  recorded.setPreparePosition(record.position.toString());
  recorded
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', record.contentType)
    .set('created', (BigInt(record.created) * 10_000n).toString());
  recorded.setData(record.data);
  recorded.setCustomMetadata(record.metadata);
  const event = new streamsPb.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(record.position.toString());
  const response = new streamsPb.ReadResp();
  response.setEvent(event);
  return response;
}

export function notFoundResponse(stream: string): ReadResponse {
  const notFound = new streamsPb.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(identifierOf(stream));
  const response = new streamsPb.ReadResp();
  response.setStreamNotFound(notFound);
  return response;
}

export function confirmationResponse(): ReadResponse {
  const confirmation = new streamsPb.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId('stand-in');
  const response = new streamsPb.ReadResp();
  response.setConfirmation(confirmation);
  return response;
}
