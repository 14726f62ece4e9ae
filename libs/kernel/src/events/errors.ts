import { AblandError } from '../failures/abland-error.js';
import type { ExpectedRevision } from './event-store.js';
import type { Revision } from './event.js';

/** Another writer came first: whoever reads the stream again may decide again. */
export class WrongExpectedRevisionError extends AblandError {
  readonly code = 'WRONG_EXPECTED_REVISION';
  override readonly failureClass = 'LATER';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** Null where the stream does not exist. */
    readonly actual: Revision | null,
  ) {
    super(`Stream ${stream} is at ${actual ?? 'no_stream'}, expected ${expected}`, {
      stream,
      expected: String(expected),
      actual: actual === null ? 'no_stream' : String(actual),
    });
  }
}

export class EventStoreUnavailableError extends AblandError {
  readonly code = 'EVENT_STORE_UNAVAILABLE';
  override readonly failureClass = 'LATER';
}

/** An append that can never succeed as it is: no events, a malformed id, an invalid stream name, data against its schema. */
export class InvalidAppendError extends AblandError {
  readonly code = 'INVALID_APPEND';
}

/** The stored log is not the one that a checkpoint was taken from (a recreated database). */
export class LogMismatchError extends AblandError {
  readonly code = 'LOG_MISMATCH';
  override get concernsAll(): boolean {
    return true;
  }
}

/** A read was to begin at a position that no event has, in a store that finds none by what is near it. */
export class UnknownPositionError extends AblandError {
  readonly code = 'UNKNOWN_POSITION';
}
