import { AblandError, EventStoreUnavailableError } from '@abland/kernel';

/** The server refuses these credentials, or its access rules forbid what was asked. */
export class EventStoreAccessError extends AblandError {
  readonly code = 'EVENT_STORE_ACCESS_DENIED';
  override get concernsAll(): boolean {
    return true;
  }
}

/** Somebody deleted a stream in EventStoreDB: a log from which nothing is ever taken away is not whole any more. */
export class EventStoreStreamDeletedError extends AblandError {
  readonly code = 'EVENT_STORE_STREAM_DELETED';
  override get concernsAll(): boolean {
    return true;
  }
}

/** gRPC status number of a read from a position at which there is no event, and of nothing else that is known. */
const UNKNOWN = 2;

/** gRPC status numbers after which the same request may succeed: cancelled, deadline, exhausted, aborted, internal, unavailable. */
const RETRYABLE_CODES = new Set([1, 4, 8, 10, 13, 14]);
const RETRYABLE_TYPES = new Set(['timeout', 'deadline-exceeded', 'unavailable', 'cancelled', 'not-leader']);
/** A starting or leaderless server says so in words only, and so does the client's discovery. */
const RETRYABLE_MESSAGE =
  /not ready|busy|not handled|no leader|not leader|leader info|discover|connection dropped|timed? ?out|too slow|ECONN/i;

interface ClientError {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

/** What the client threw, as our typed errors where a caller can act on it. */
export function toStoreError(error: unknown, doing: string): unknown {
  if (error instanceof AblandError || typeof error !== 'object' || error === null) return error;
  const { type, code, message } = error as ClientError;
  if (type === 'access-denied' || code === 7 || code === 16) {
    return new EventStoreAccessError(`EventStoreDB refused ${doing}`, {}, error);
  }
  if (type === 'stream-deleted') {
    return new EventStoreStreamDeletedError(`A stream was deleted in EventStoreDB: ${doing} failed`, {
      stream: (error as { streamName?: unknown }).streamName,
    });
  }
  return isRetryable(type, code, message)
    ? new EventStoreUnavailableError(`EventStoreDB is out of reach for ${doing}`, {}, error)
    : error;
}

/** Whether a read failed because no event is at the position that it was to begin at. */
export const isNoSuchPosition = (error: unknown): boolean =>
  !(error instanceof AblandError) && (error as ClientError | null)?.code === UNKNOWN;

function isRetryable(type: unknown, code: unknown, message: unknown): boolean {
  if (typeof type === 'string' && RETRYABLE_TYPES.has(type)) return true;
  if (typeof code === 'number' && RETRYABLE_CODES.has(code)) return true;
  if (typeof code === 'string' && code.startsWith('ECONN')) return true;
  return typeof message === 'string' && RETRYABLE_MESSAGE.test(message);
}
