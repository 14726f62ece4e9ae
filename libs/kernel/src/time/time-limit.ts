import { AblandError } from '../failures/abland-error.js';
import { systemTiming, type Timing } from './timing.js';

/** What was waited for did not come in time; it may still be under way. */
export class TimeLimitError extends AblandError {
  readonly code = 'TIME_LIMIT';
  override readonly failureClass = 'LATER';
}

/** In the place of an error, which each wait would make anew. */
const SETTLED = 'settled';

/**
 * Waits no longer than so many milliseconds. The work itself is not ended: what it comes to later is nobody's, not even as
 * an unhandled rejection.
 * @throws TimeLimitError
 */
export async function within<Result>(
  ms: number,
  doing: string,
  work: Promise<Result>,
  timing: Timing = systemTiming,
): Promise<Result> {
  const settled = new AbortController();
  const late = timing.pause(ms, settled.signal).then((): Result => {
    // What nobody waits for any more needs no error, whose making would cost more than the wait.
    if (settled.signal.aborted) return undefined as Result;
    // A share of some time need not be whole.
    const rounded = Math.round(ms);
    throw new TimeLimitError(`${doing} took longer than ${rounded} ms`, { doing, ms: rounded });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    settled.abort(SETTLED);
  }
}
