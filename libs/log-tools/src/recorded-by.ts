import type { EventStore, Position, RecordedEvent } from '@abland/kernel';

/** A log, and a stream of it with events all along: what is looked for is found by halving that stream, and by going on from there. */
export interface SearchedLog {
  readonly log: Pick<EventStore, 'readAll' | 'readStream'>;
  /** Null: the log is gone through from its first event. Where the stream has nothing of what is looked for, neither has the log. */
  readonly along: string | null;
  /** Ends the going on, between two pages. */
  readonly signal?: AbortSignal;
}

/** Few: of a stream with events all along one is near. */
const PAGE_EVENTS = 100;

/**
 * The position of the newest event that was recorded at a moment or before; null where the first one came later. Events are recorded in
 * the order of their positions; where the clock of a store was set back in between, so that the log passes a moment more than once, it is one
 * of the places at which it does.
 * @param moment milliseconds since the epoch
 */
export async function positionRecordedBy(searched: SearchedLog, moment: number): Promise<Position | null> {
  const isBy = ({ recordedAt }: RecordedEvent): boolean => Date.parse(recordedAt) <= moment;
  return (await newestOf(searched, isBy))?.position ?? null;
}

/** When the newest event up to a position was recorded, milliseconds since the epoch; null where there is none. */
export async function recordedAtPosition(searched: SearchedLog, position: Position): Promise<number | null> {
  const newest = await newestOf(searched, (event) => event.position <= position);
  return newest === null ? null : Date.parse(newest.recordedAt);
}

/**
 * The newest event of a stream that something holds for which holds for all before it too; null where it holds for none. No position is
 * made up for it, from which not every store could read: some twenty reads of one event in a stream of a million.
 */
export async function newestInStream(
  log: Pick<EventStore, 'readStream'>,
  stream: string,
  holds: (event: RecordedEvent) => boolean,
): Promise<RecordedEvent | null> {
  const last = await firstOf(log.readStream(stream, { direction: 'backward', maxCount: 1 }));
  if (last === null || holds(last)) return last;
  let newest: RecordedEvent | null = null;
  let [low, high] = [0n, last.revision];
  while (low < high) {
    const middle = (low + high) / 2n;
    const event = await firstOf(log.readStream(stream, { from: middle, maxCount: 1 }));
    if (event === null || !holds(event)) high = middle;
    else [newest, low] = [event, middle + 1n];
  }
  return newest;
}

async function newestOf(
  { along, log, signal }: SearchedLog,
  holds: (event: RecordedEvent) => boolean,
): Promise<RecordedEvent | null> {
  const newest = along === null ? null : await newestInStream(log, along, holds);
  if (along !== null && newest === null) return null;
  const last = await firstOf(log.readAll({ direction: 'backward', maxCount: 1 }));
  if (last !== null && holds(last)) return last;
  return newestFromBothEnds(log, newest, holds, signal);
}

/**
 * Where the stream has nothing newer, others may have appended for long since: what is looked for is near that, or near the end, as
 * moments just before now are. So it is gone from both by turns.
 */
async function newestFromBothEnds(
  log: SearchedLog['log'],
  from: RecordedEvent | null,
  holds: (event: RecordedEvent) => boolean,
  signal?: AbortSignal,
): Promise<RecordedEvent | null> {
  const onward = pagesOf(
    log.readAll({ ...(from === null ? {} : { after: from.position }), pageSize: PAGE_EVENTS }),
  );
  const back = pagesOf(log.readAll({ direction: 'backward', pageSize: PAGE_EVENTS }));
  let newest = from;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = await onward.next();
      if (next.done === true) return newest;
      for (const event of next.value) {
        if (!holds(event)) return newest;
        newest = event;
      }
      const before = await back.next();
      const found = before.done === true ? undefined : before.value.find(holds);
      if (found !== undefined) return found;
    }
  } finally {
    await Promise.all([onward.return?.(), back.return?.()]);
  }
}

const pagesOf = (pages: AsyncIterable<readonly RecordedEvent[]>): AsyncIterator<readonly RecordedEvent[]> =>
  pages[Symbol.asyncIterator]();

async function firstOf(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent | null> {
  for await (const [event] of pages) return event ?? null;
  return null;
}
