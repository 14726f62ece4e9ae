import { EventStoreUnavailableError, InvalidAppendError, type Revision } from '@abland/kernel';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { EventStoreAccessError, toStoreError } from './eventstoredb-errors.js';

type Response = InstanceType<typeof streamsPb.BatchAppendResp>;

/** The server's answer that a stream is not where the append expects it; whether that is a refusal is decided by the caller. */
export class WrongVersion extends Error {
  constructor(readonly actual: Revision | null) {
    super('wrong expected version');
  }
}

/** The error that a failed batch append is answered with. */
export function readFailure(response: Response, stream: string): Error {
  const status = response.getError();
  const details = status?.getDetails();
  const message = status?.getMessage() ?? 'no reason given';
  switch (details?.getTypeName()) {
    case 'event_store.client.WrongExpectedVersion': {
      const wrong = sharedPb.WrongExpectedVersion.deserializeBinary(details.getValue_asU8());
      return new WrongVersion(
        wrong.hasCurrentStreamRevision() ? BigInt(wrong.getCurrentStreamRevision()) : null,
      );
    }
    case 'event_store.client.MaximumAppendSizeExceeded':
      return new InvalidAppendError('The append is larger than EventStoreDB takes', {
        field: 'events',
        stream,
      });
    case 'event_store.client.StreamDeleted':
      return new InvalidAppendError('The stream was deleted in EventStoreDB', { field: 'stream', stream });
    case 'event_store.client.AccessDenied':
      return new EventStoreAccessError('EventStoreDB refused an append', { stream });
    case 'event_store.client.Timeout':
      return new EventStoreUnavailableError('EventStoreDB did not store an append in time', { stream });
    default:
      return unknownFailure(message, stream);
  }
}

function unknownFailure(message: string, stream: string): Error {
  const cause = new Error(message);
  const known = toStoreError(cause, 'an append');
  return known instanceof EventStoreUnavailableError
    ? known
    : new InvalidAppendError(`EventStoreDB does not take this append: ${message}`, { stream }, cause);
}
