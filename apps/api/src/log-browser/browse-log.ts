import { type EventFilter, matchesFilter, type Position, type RecordedEvent } from '@abland/kernel';
import type { PublishedLog } from '../audit/published-log.js';

export interface LogSearch {
  /** One stream by its whole name. */
  readonly stream: string | null;
  /** Streams whose names begin so. */
  readonly streamPrefix: string | null;
  readonly types: readonly string[] | null;
  readonly correlationId: string | null;
}

export interface LogPage {
  readonly events: readonly RecordedEvent[];
  /** Where the next page goes on; null: there is no more. */
  readonly next: Position | null;
  readonly searched: number;
  /** Left out, for an order that waits is nobody's business. */
  readonly withheld: number;
}

export type Direction = { readonly before: Position | null } | { readonly after: Position };

/** Events that one page may be looked for in: whoever asks shall not have the whole log read at once. */
const SEARCHED_MAX = 20_000;
const PAGE_SIZE = 500;

/**
 * The newest events before a place of the log, or the oldest after it, that match. A page may hold fewer than asked for, or none, and yet have
 * a next one: where nothing was found in as much as is looked through at once.
 */
export async function browseLog(
  { stored, tellable }: Pick<PublishedLog, 'stored' | 'tellable'>,
  search: LogSearch,
  direction: Direction,
  first: number,
): Promise<LogPage> {
  const found: RecordedEvent[] = [];
  let searched = 0;
  const source = await sourceOf(stored, search, direction);
  for await (const page of source) {
    for (const event of page) {
      searched += 1;
      if (matches(event, search)) found.push(event);
      if (found.length === first || searched === SEARCHED_MAX) return paged(found, event.position);
    }
  }
  return paged(found, null);

  async function paged(events: readonly RecordedEvent[], next: Position | null): Promise<LogPage> {
    const told = await tellable(events);
    return { events: told, next, searched, withheld: events.length - told.length };
  }
}

/** One stream is read by its revisions, which every store does at once, where the place is of that stream or none is named. */
async function sourceOf(
  { index, log }: PublishedLog['stored'],
  { stream }: LogSearch,
  direction: Direction,
): Promise<AsyncIterable<readonly RecordedEvent[]>> {
  const isForward = 'after' in direction;
  const at = isForward ? direction.after : direction.before;
  const way = { direction: isForward ? ('forward' as const) : ('backward' as const) };
  if (stream !== null) {
    if (at === null) return log.readStream(stream, way);
    const place = await index.placeAt(at);
    if (place?.stream === stream) {
      const from = place.revision + (isForward ? 1n : -1n);
      return from < 0n ? nothing() : log.readStream(stream, { ...way, from });
    }
  }
  return log.readAll({ ...way, ...(at === null ? {} : { after: at }), pageSize: PAGE_SIZE });
}

async function* nothing(): AsyncGenerator<readonly RecordedEvent[]> {
  // A stream before its first event.
}

function matches(event: RecordedEvent, { correlationId, stream, streamPrefix, types }: LogSearch): boolean {
  const filter: EventFilter = {
    ...(types === null ? {} : { types }),
    ...(streamPrefix === null ? {} : { streamPrefixes: [streamPrefix] }),
  };
  if (stream !== null && event.stream !== stream) return false;
  if (correlationId !== null && event.metadata.correlationId !== correlationId) return false;
  return matchesFilter(event, filter);
}
