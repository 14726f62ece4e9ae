import { ReadSlots, RequestOverError } from './read-slots.js';

/** Statements of one request at once: whoever asks for much waits for themselves, not others for them. */
const OF_A_REQUEST = 2;
/** What a query may look up takes far fewer. */
const WAITERS_A_REQUEST = 1_000;
/** Milliseconds. */
export const SLOT_WAIT_MS = 8_000;

/** The reads of one request, until it is answered or whoever asked is gone. */
export class RequestReads {
  readonly slots = new ReadSlots({ max: OF_A_REQUEST, waitersMax: WAITERS_A_REQUEST, waitMs: SLOT_WAIT_MS });
  private readonly ending = new AbortController();

  get over(): AbortSignal {
    return this.ending.signal;
  }

  /** What has not begun does not begin any more. */
  end(): void {
    this.ending.abort(new RequestOverError('Nobody waits for this any more'));
  }
}
