import type { RecordedEvent } from '@abland/kernel';

/** Events that come at once where a chain is read from far behind its head. */
const EVENTS = 1_000;
/** Nobody waits to see what happened so long before it was recorded. */
const HAPPENED_BEFORE_MS = 60_000;
/** Longer ago than this nothing was recorded that is not hashed at once. */
const RECORDED_WITHIN_MS = 120_000;

/**
 * Whether the events are of masses that can wait to be hashed: facts of old blocks alone, and only just recorded, so that more of them
 * come and other programs have their hands full with them.
 * @param now milliseconds since the epoch
 */
export function canWait(events: readonly RecordedEvent[], now: number): boolean {
  const [first] = events;
  if (first === undefined || events.length < EVENTS) return false;
  const recordedAt = Date.parse(first.recordedAt);
  // By a clock that was set back all of an hour would be new, and wait.
  if (Math.abs(now - recordedAt) >= RECORDED_WITHIN_MS) return false;
  const until = (recordedAt - HAPPENED_BEFORE_MS) / 1_000;
  return events.every(({ metadata: { chain } }) => chain !== undefined && chain.blockTime < until);
}
