const PAUSE_MS_FIRST = 1_000;
/** Milliseconds from an attempt that failed to the next one, at most. */
export const ATTEMPT_PAUSE_MS_MAX = 60_000;

/**
 * When an attempt that failed is repeated: after 1 s, 2 s, 4 s … up to a minute, and once more just after the deadline,
 * where it is given up. Attempts count from 1; times in milliseconds since the epoch.
 */
export function nextAttemptAt(now: number, attempt: number, deadline: number): number {
  const pause = Math.min(PAUSE_MS_FIRST * 2 ** (attempt - 1), ATTEMPT_PAUSE_MS_MAX);
  return Math.max(now, Math.min(now + pause, deadline + 1));
}

/**
 * Whether the time of the next attempt has not come. One that is further ahead than any pause was reckoned by a clock that was ahead of
 * this one, and tells nothing.
 */
export const isTooEarly = (now: number, notBefore: number): boolean =>
  notBefore > now && notBefore <= now + ATTEMPT_PAUSE_MS_MAX;
