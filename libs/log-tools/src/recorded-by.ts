import type { EventStore, Position, RecordedEvent } from '@abland/kernel';

/**
 * The position of the newest event that was recorded at a moment or before; null where the first one came later. Events are recorded in
 * the order of their positions, so it is found by halving: some twenty reads of one event in a log of a million.
 * @param moment milliseconds since the epoch
 */
export async function positionRecordedBy(store: EventStore, moment: number): Promise<Position | null> {
  const isBy = ({ recordedAt }: RecordedEvent): boolean => Date.parse(recordedAt) <= moment;
  const [first, last] = await Promise.all([firstFrom(store, null), newest(store)]);
  if (first === null || last === null || !isBy(first)) return null;
  if (isBy(last)) return last.position;
  let known = first.position;
  let later = last.position;
  while (later - known > 1n) {
    const middle = (known + later) / 2n;
    const event = await firstFrom(store, middle);
    if (event !== null && isBy(event)) known = event.position;
    else later = middle;
  }
  return known;
}

/** When the newest event up to a position was recorded, milliseconds since the epoch; null where there is none. */
export async function recordedAtPosition(store: EventStore, position: Position): Promise<number | null> {
  const range = { direction: 'backward', after: position + 1n, maxCount: 1 } as const;
  for await (const [event] of store.readAll(range)) {
    if (event !== undefined) return Date.parse(event.recordedAt);
  }
  return null;
}

/** The first event at a position or after it; null position: of all. */
async function firstFrom(store: EventStore, position: Position | null): Promise<RecordedEvent | null> {
  const after = position === null || position === 0n ? {} : { after: position - 1n };
  for await (const [event] of store.readAll({ ...after, maxCount: 1 })) return event ?? null;
  return null;
}

async function newest(store: EventStore): Promise<RecordedEvent | null> {
  for await (const [event] of store.readAll({ direction: 'backward', maxCount: 1 })) return event ?? null;
  return null;
}
