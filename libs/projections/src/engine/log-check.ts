import { type EventStore, LogMismatchError, type Position } from '@abland/kernel';

/**
 * Checks that the event a checkpoint was taken at is where it was: a store that was recreated counts from the start, and
 * would otherwise be followed silently from the wrong place.
 * @throws LogMismatchError
 */
export async function checkLog(
  store: EventStore,
  projection: string,
  checkpoint: { readonly position: Position | null; readonly eventId: string | null },
): Promise<void> {
  const { position, eventId } = checkpoint;
  if (position === null) return;
  for await (const page of store.readAll({ direction: 'backward', until: position, maxCount: 1 })) {
    const found = page[0];
    if (found?.position === position && found.id === eventId) return;
    break;
  }
  throw new LogMismatchError(`The log is not the one that projection ${projection} was built from`, {
    projection,
    position: position.toString(),
    eventId,
  });
}
