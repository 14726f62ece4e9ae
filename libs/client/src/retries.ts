import { ApiRefusal, ApiUnreachable, hasCode } from './errors.js';

/** How often, and for how long, what may pass is tried. */
export interface Retries {
  /** The first try included. */
  readonly attemptsMax: number;
  /** Before the second try; twice as long before each next one. */
  readonly pauseMs: number;
  readonly pauseMsMax: number;
}

export const USUAL_RETRIES: Retries = { attemptsMax: 6, pauseMs: 250, pauseMsMax: 8_000 };

/** Half of it is chance: many that lost the same server do not come again at once. */
export function pauseBefore(attempt: number, { pauseMs, pauseMsMax }: Retries): number {
  const longest = Math.min(pauseMsMax, pauseMs * 2 ** (attempt - 1));
  return longest / 2 + (Math.random() * longest) / 2;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Refused before anything of it was done: it may be asked again whatever it is. */
const isUnread = (error: unknown): boolean => hasCode(error, 'RATE_LIMITED', 'POSITION_NOT_REACHED');

/** Nothing, or no more than is done once however often it is asked, may have come of it. */
const mayPass = (error: unknown): boolean =>
  error instanceof ApiUnreachable || hasCode(error, 'SERVICE_UNAVAILABLE', 'READ_MODEL_NOT_YET');

/**
 * Tries until it succeeds, or fails for good, or too often.
 * @param isRepeatable whether to do it twice is as good as once
 */
export async function withRetries<Result>(
  retries: Retries & { readonly withinMs?: number },
  isRepeatable: boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  const begun = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isWorthIt = isUnread(error) || (isRepeatable && mayPass(error));
      if (!isWorthIt || attempt >= retries.attemptsMax) throw error;
      const told = error instanceof ApiRefusal ? (error.retryAfterMs ?? 0) : 0;
      // Whoever is told to come in an hour is to decide that, not to wait here.
      if (told > retries.pauseMsMax) throw error;
      const pauseMs = Math.max(told, pauseBefore(attempt, retries));
      // No try begins later than that.
      if (performance.now() + pauseMs - begun > (retries.withinMs ?? Infinity)) throw error;
      await pause(pauseMs);
    }
  }
}
