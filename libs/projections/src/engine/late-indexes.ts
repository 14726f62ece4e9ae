import type { RecordedEvent } from '@abland/kernel';
import { areMasses, isOfNow } from './masses.js';

/** Events after which a read model is no longer young: to index it again takes a while. */
const YOUNG = 100_000;
/** Larger tables have their indexes also while masses come: who reads them would wait for all of a table to be gone through. */
const UNINDEXED_MAX = 1_000_000;
/** So many events of which none is told as final come near a chain's head alone. */
const UNTOLD = 500;
/** Milliseconds after the last of the masses in which what comes is no longer taken for a pause of theirs. */
const PAUSE_MS = 10_000;

export interface Seen {
  readonly events: readonly RecordedEvent[];
  readonly eventsPerSecond: number;
  /** Events that the read models have handled. */
  readonly handled: number;
  readonly indexed: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds since masses came last. */
  readonly sinceMassesMs: number;
}

/**
 * What becomes of the secondary indexes of read models that are live from the first event on. While masses come they cost more than all
 * else that storing does, and nearly nothing where they are made of what is there already: young tables do without them (DROP) until
 * the masses end, or have made them large (MAKE).
 */
export function indexesFor({
  events,
  eventsPerSecond,
  handled,
  indexed,
  now,
  sinceMassesMs,
}: Seen): 'DROP' | 'MAKE' | 'KEEP' {
  const isOver = isNearHead(events, now) || (!indexed && sinceMassesMs >= PAUSE_MS);
  if (!indexed) return isOver || handled >= UNINDEXED_MAX ? 'MAKE' : 'KEEP';
  return !isOver && handled <= YOUNG && areMasses(events, eventsPerSecond, now) ? 'DROP' : 'KEEP';
}

const isNearHead = (events: readonly RecordedEvent[], now: number): boolean =>
  events.some((event) => isOfNow(event, now)) ||
  (events.length >= UNTOLD && events.every(({ type }) => type !== 'BlocksFinalized'));
