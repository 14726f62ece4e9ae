import { LogMismatchError } from './errors.js';
import type { EventStore } from './event-store.js';
import type { Position, RecordedEvent } from './event.js';

/** An event in its stream: the same in every copy of a log, and readable on every store. JSON. */
export interface EventReference {
  readonly id: string;
  readonly stream: string;
  /** Decimal text. */
  readonly revision: string;
}

/** How far a reader is, and the event that is there: what a log is known by. */
export interface LogPlace {
  readonly position: Position;
  readonly event: EventReference;
}

export function placeOf({ id, position, revision, stream }: RecordedEvent): LogPlace {
  return { position, event: { id, stream, revision: revision.toString() } };
}

/** The newest event; null where the log is empty. */
export async function lastPlace(store: EventStore): Promise<LogPlace | null> {
  for await (const [last] of store.readAll({ direction: 'backward', maxCount: 1 })) {
    if (last !== undefined) return placeOf(last);
  }
  return null;
}

/**
 * Where a reader goes on that has handled the log up to a position: no further than the event that it knows the log by, for of what
 * comes after it a position alone says nothing. One that is ahead of the log would be right once the log has grown past it, and what
 * had come until then would be left out without a word. What was read after that event was nothing to the reader, and is looked at
 * again.
 */
export function resumeFrom(handled: Position, known: LogPlace): Position {
  return known.position < handled ? known.position : handled;
}

/** Whether the event that a checkpoint was taken at is where it was. */
export async function isInLog(store: EventStore, { position, event }: LogPlace): Promise<boolean> {
  const { id, stream, revision } = event;
  for await (const page of store.readStream(stream, { from: BigInt(revision), maxCount: 1 })) {
    const found = page[0];
    if (found?.id === id && found.position === position) return true;
  }
  return false;
}

/**
 * Checks that the event a checkpoint was taken at is where it was: a store that was recreated counts from the start, and
 * would otherwise be followed silently from the wrong place.
 * @throws LogMismatchError
 */
export async function requireSameLog(store: EventStore, reader: string, place: LogPlace): Promise<void> {
  if (await isInLog(store, place)) return;
  const { position, event } = place;
  throw new LogMismatchError(`The log is not the one that ${reader} was built from`, {
    reader,
    position: position.toString(),
    eventId: event.id,
    stream: event.stream,
  });
}
