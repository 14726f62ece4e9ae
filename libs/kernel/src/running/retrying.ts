import type { FailureClass } from '../failures/abland-error.js';
import { type Classify, failureClassOf, mayPass } from '../failures/failure-class.js';
import { GrowingPause, type PauseRange } from './growing-pause.js';
import { systemTiming, type Timing } from '../time/timing.js';

export interface RetryOptions {
  /** Calls in all; default: as many as the time allows. */
  readonly attemptsMax?: number;
  /** Milliseconds after which no further call is begun; default: until the signal aborts. */
  readonly totalMsMax?: number;
  readonly pauseMs?: PauseRange;
  /** Ends the waiting, not a call in hand. */
  readonly signal?: AbortSignal;
  readonly classify?: Classify;
  /** Told before each pause: the place for a line in the log. */
  readonly onRetry?: (retry: Retry) => void;
  readonly timing?: Timing;
}

export interface Retry {
  readonly error: unknown;
  readonly failureClass: FailureClass;
  /** Calls made so far. */
  readonly attempts: number;
  /** Milliseconds until the next one. */
  readonly pauseMs: number;
}

const PAUSE_MS: PauseRange = { min: 50, max: 2_000 };

/**
 * Makes a call until it succeeds, with growing pauses, as long as its failures may pass.
 * @throws the last failure: where a repetition cannot help, the limits are reached or the signal aborted
 */
export async function retrying<Result>(
  call: () => Promise<Result>,
  options: RetryOptions = {},
): Promise<Result> {
  const { classify = failureClassOf, onRetry, signal, timing = systemTiming } = options;
  const isOver = (): boolean => signal?.aborted === true;
  const pauses = new GrowingPause(options.pauseMs ?? PAUSE_MS, timing);
  const begun = timing.now();
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await call();
    } catch (error) {
      const failureClass = classify(error);
      if (!mayPass(failureClass) || isOver()) throw error;
      if (attempts >= (options.attemptsMax ?? Infinity)) throw error;
      const pauseMs = pauses.take();
      if (timing.now() - begun + pauseMs > (options.totalMsMax ?? Infinity)) throw error;
      onRetry?.({ error, failureClass, attempts, pauseMs });
      await timing.pause(pauseMs, signal);
      if (isOver()) throw error;
    }
  }
}
