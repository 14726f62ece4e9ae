import { type EventStore, LogMismatchError, type Position } from '@abland/kernel';
import type { EventReference } from './projection-run.js';

/**
 * Checks that the event a checkpoint was taken at is where it was: a store that was recreated counts from the start, and
 * would otherwise be followed silently from the wrong place.
 * @throws LogMismatchError
 */
export async function checkLog(
  store: EventStore,
  projection: string,
  checkpoint: { readonly position: Position | null; readonly lastEvent: EventReference | null },
): Promise<void> {
  const { position, lastEvent } = checkpoint;
  if (position === null || lastEvent === null) return;
  const { id, stream } = lastEvent;
  const from = BigInt(lastEvent.revision);
  for await (const page of store.readStream(stream, { from, maxCount: 1 })) {
    const found = page[0];
    if (found?.id === id && found.position === position) return;
  }
  throw new LogMismatchError(`The log is not the one that projection ${projection} was built from`, {
    projection,
    position: position.toString(),
    eventId: id,
    stream,
  });
}
