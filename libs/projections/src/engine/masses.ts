import type { RecordedEvent } from '@abland/kernel';

/** A chain is being read from far behind its head: so much comes, of what was so long ago. */
const EVENTS_PER_SECOND = 1_000;
const AGO_MS = 60_000;

/**
 * Whether events are of masses that nobody waits to see: facts of old blocks, in a log that grows fast by them.
 * @param now milliseconds since the epoch
 */
export function areMasses(events: readonly RecordedEvent[], eventsPerSecond: number, now: number): boolean {
  if (eventsPerSecond < EVENTS_PER_SECOND || events.length === 0) return false;
  return events.every((event) => event.metadata.chain !== undefined && !isOfNow(event, now));
}

/** Whether it is a fact of a block that is hardly older than `now`. */
export const isOfNow = ({ metadata: { chain } }: RecordedEvent, now: number): boolean =>
  chain !== undefined && chain.blockTime >= (now - AGO_MS) / 1_000;
