const PAUSE_MS_FIRST = 1_000;
const PAUSE_MS_MAX = 60_000;

/**
 * When an attempt that failed is repeated: after 1 s, 2 s, 4 s … up to a minute, and once more just after the deadline,
 * where it is given up. Attempts count from 1; times in milliseconds since the epoch.
 */
export function nextAttemptAt(now: number, attempt: number, deadline: number): number {
  const pause = Math.min(PAUSE_MS_FIRST * 2 ** (attempt - 1), PAUSE_MS_MAX);
  return Math.max(now, Math.min(now + pause, deadline + 1));
}
