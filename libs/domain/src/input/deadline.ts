import { refusal } from '../vocabulary/errors.js';
import type { Instant, UnixSeconds } from '../vocabulary/values.js';

/** A command waits for the chain for a day at most. */
export const DEADLINE_AHEAD_MS_MAX = 24 * 60 * 60 * 1000;

/** The moment in milliseconds since the epoch. */
export const millisecondsOf = (instant: Instant): number => Date.parse(instant);

/** The deadline as the contract counts it: a block of this very second is still in time. */
export const secondsOf = (instant: Instant): UnixSeconds => Math.floor(millisecondsOf(instant) / 1000);

/**
 * A deadline as ISO 8601 in UTC, at most 24 hours ahead. It is cut down to the whole second, which is all that the
 * contract can tell, so that both expire at once.
 * @throws DomainError INVALID_DEADLINE, DEADLINE_EXPIRED, DEADLINE_TOO_FAR
 */
export function parseDeadline(text: string, now: Instant, field = 'deadline'): Instant {
  const deadline = wholeSecondOf(text);
  if (deadline === null) {
    throw refusal('INVALID_DEADLINE', 'A deadline is a moment in ISO 8601, UTC: 2030-01-31T12:00:00Z', field);
  }
  assertDeadlineAhead(deadline, now, field);
  return deadline;
}

/**
 * @throws DomainError DEADLINE_EXPIRED, DEADLINE_TOO_FAR
 */
export function assertDeadlineAhead(deadline: Instant, now: Instant, field = 'deadline'): void {
  const aheadMs = millisecondsOf(deadline) - millisecondsOf(now);
  if (aheadMs <= 0) throw refusal('DEADLINE_EXPIRED', 'The deadline has passed', field, { deadline, now });
  if (aheadMs > DEADLINE_AHEAD_MS_MAX) {
    throw refusal('DEADLINE_TOO_FAR', 'A deadline is at most 24 hours ahead', field, { deadline, now });
  }
}

/**
 * A chain's time may be ahead of the clock, and no block is earlier than the one before it.
 * @param newestBlockTime null before the first block
 * @throws DomainError DEADLINE_EXPIRED where no block to come is in time
 */
export function assertDeadlineOnChain(
  deadline: Instant,
  newestBlockTime: UnixSeconds | null,
  field = 'deadline',
): void {
  if (newestBlockTime === null || secondsOf(deadline) > newestBlockTime) return;
  const now = new Date(newestBlockTime * 1000).toISOString();
  throw refusal('DEADLINE_EXPIRED', 'The deadline has passed by the time of the chain', field, {
    deadline,
    now,
  });
}

/** The second in which a moment in ISO 8601, UTC, lies; null where the text is none, or of a day that does not exist. */
export function wholeSecondOf(text: string): Instant | null {
  const parts = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?Z$/.exec(text);
  const second = parts === null ? null : `${parts[1]}.000Z`;
  // 30 February is read as another day or none; it comes back spelled differently.
  return second !== null && isInstant(second) ? second : null;
}

function isInstant(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}
