import { EventStoreUnavailableError, InvalidAppendError, type Revision } from '@abland/kernel';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { EventStoreAccessError } from './errors.js';

type Response = InstanceType<typeof streamsPb.BatchAppendResp>;

/** The server's answer that a stream is not where the append expects it; whether that is a refusal is decided by the caller. */
export class WrongVersion extends Error {
  constructor(readonly actual: Revision | null) {
    super('wrong expected version');
  }
}

/** The server takes less in one append than was sent. */
export class AppendTooLarge extends Error {
  constructor() {
    super('append too large');
  }
}

/**
 * The error that a failed batch append is answered with. What the server gives no known reason for (it is busy, starting, without a
 * leader, or failed within) may have been stored or not, and may be repeated.
 */
export function readFailure(response: Response, stream: string): Error {
  const status = response.getError();
  const details = status?.getDetails();
  switch (details?.getTypeName()) {
    case 'event_store.client.WrongExpectedVersion': {
      const wrong = sharedPb.WrongExpectedVersion.deserializeBinary(details.getValue_asU8());
      return new WrongVersion(
        wrong.hasCurrentStreamRevision() ? BigInt(wrong.getCurrentStreamRevision()) : null,
      );
    }
    case 'event_store.client.MaximumAppendSizeExceeded':
      return new AppendTooLarge();
    case 'event_store.client.BadRequest': {
      const reason = sharedPb.BadRequest.deserializeBinary(details.getValue_asU8()).getMessage();
      return new InvalidAppendError(`EventStoreDB does not take this append: ${reason}`, { stream });
    }
    case 'event_store.client.StreamDeleted':
      return new InvalidAppendError('The stream was deleted in EventStoreDB', { field: 'stream', stream });
    case 'event_store.client.AccessDenied':
      return new EventStoreAccessError('EventStoreDB refused an append', { stream });
    case 'event_store.client.Timeout':
      return new EventStoreUnavailableError('EventStoreDB did not store an append in time', { stream });
    default: {
      const reason = status?.getMessage() ?? 'no reason given';
      return new EventStoreUnavailableError(`EventStoreDB failed an append: ${reason}`, { stream });
    }
  }
}
