import type { Position, ReadAllOptions, ReadStreamOptions, RecordedEvent } from '@abland/kernel';
import type { LogReader, Scan, StreamPage } from './log-reader.js';
import { prefetched } from './prefetch.js';

const STREAM_PAGE_SIZE = 1_000;
/** Waking a server costs as much as hundreds of events, so that a whole log is read in larger pages. */
const LOG_PAGE_SIZE = 2_000;
/** And handed on in smaller ones. */
const HANDED_ON = 250;

export async function* readStreamPages(
  reader: LogReader,
  stream: string,
  options: ReadStreamOptions = {},
): AsyncGenerator<readonly RecordedEvent[]> {
  const { direction = 'forward', maxCount = Infinity } = options;
  const step = direction === 'forward' ? 1n : -1n;
  let left = maxCount;
  const pages = prefetched<StreamPage>((previous) => {
    if (previous !== null) left -= previous.events.length;
    const last = previous?.events.at(-1)?.revision;
    const ended = previous !== null && (previous.ended || last === undefined || (step < 0n && last === 0n));
    if (left <= 0 || ended) return null;
    const from = last === undefined ? (options.from ?? null) : last + step;
    return reader.streamPage(stream, direction, from, Math.min(STREAM_PAGE_SIZE, left));
  });
  for await (const { events } of pages) {
    if (events.length > 0) yield events;
  }
}

export async function* readAllPages(
  reader: LogReader,
  options: ReadAllOptions = {},
): AsyncGenerator<readonly RecordedEvent[]> {
  const { direction = 'forward', maxCount = Infinity, pageSize = LOG_PAGE_SIZE, filter } = options;
  const range = rangeOf(options, await reader.head());
  const ended = (at: Position): boolean => (direction === 'forward' ? at >= range.to : at <= range.to);
  let left = maxCount;
  const scans = prefetched<Scan>((previous) => {
    left -= previous?.count ?? 0;
    const from = previous?.scannedTo ?? range.from;
    if (left <= 0 || range.empty || (previous !== null && ended(from))) return null;
    return reader.scan({ direction, from, to: range.to, filter, limit: Math.min(pageSize, left) });
  });
  for await (const { parts } of scans) {
    for (const events of parts(HANDED_ON)) if (events.length > 0) yield events;
  }
}

function rangeOf(
  { direction = 'forward', after, until }: ReadAllOptions,
  head: Position,
): { from: Position; to: Position; empty: boolean } {
  if (direction === 'forward') {
    const from = after ?? 0n;
    const to = until === undefined || until > head ? head : until;
    return { from, to, empty: from >= to };
  }
  const from = after === undefined || after > head ? head + 1n : after;
  const to = until === undefined || until < 1n ? 1n : until;
  return { from, to, empty: from <= to };
}
