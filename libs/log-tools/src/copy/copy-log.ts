import {
  AblandError,
  type EventStore,
  LogMismatchError,
  type Position,
  type ReadAllOptions,
  type RecordedEvent,
} from '@abland/kernel';
import { AppendingImporter } from './appending-importer.js';
import { CopyChecksum } from './copy-checksum.js';
import { type CopyPhase, type CopyProgress, type CopyRange, ProgressTeller } from './copy-progress.js';
import type { LogImporter } from '@abland/event-store';

/** The copy and its source are not the same log. */
export class LogCopyError extends AblandError {
  readonly code = 'LOG_COPY_DIFFERS';
}

export interface CopyOptions {
  readonly from: EventStore;
  /** What the copy is read from, to go on with it and to compare it. */
  readonly to: EventStore;
  /** Writes the copy, recorded times included, which are then compared too. Absent: it is made of `to`'s own appends. */
  readonly importer?: LogImporter;
  readonly onProgress?: (progress: CopyProgress) => void;
  /** Ends the copy between two pages; it can be resumed. */
  readonly signal?: AbortSignal;
}

export interface CopyReport {
  readonly copied: bigint;
  readonly events: bigint;
  readonly checksum: string;
}

/** Large pages: each is a transaction of the target. */
const PAGE_EVENTS = 2_000;

/**
 * Copies a log in order into a store that is empty or holds the beginning of a copy, up to what the source ended with when
 * this began, then reads the copy and compares it. One that was cut off at any moment goes on when asked again. One page is
 * read while another is written; the source is read once.
 * @throws LogMismatchError where the target holds something else, before anything is written; LogCopyError where the copy
 *   differs in the end.
 */
export async function copyLog(options: CopyOptions): Promise<CopyReport> {
  const { from, to, importer } = options;
  const head = await from.head();
  const source = new CopyChecksum();
  const after = await compareBeginning(options, source);
  const copied = await copyRest(options, { after, to: head }, source);
  const target = await readThrough(options, to, 'verifying', { after: null, to: await to.head() });
  const difference = source.difference(target, importer !== undefined);
  if (difference !== null) throw new LogCopyError('The copy differs from its source', difference);
  return { copied, events: target.count, checksum: target.hex() };
}

/**
 * What the target holds must be how the source begins.
 * @returns the position in the source of the target's last event; null where it is empty
 */
async function compareBeginning(options: CopyOptions, source: CopyChecksum): Promise<Position | null> {
  const { from, to, importer } = options;
  const last = await firstOf(to.readAll({ direction: 'backward', maxCount: 1 }));
  if (last === null) return null;
  const origin = await firstOf(from.readStream(last.stream, { from: last.revision, maxCount: 1 }));
  const place = { stream: last.stream, revision: last.revision.toString() };
  if (origin?.id !== last.id) {
    throw new LogMismatchError('The target holds events that the source does not', place);
  }
  const [copy] = await Promise.all([
    readThrough(options, to, 'comparing', { after: null, to: last.position }),
    readInto(source, from, { until: origin.position }),
  ]);
  const difference = source.difference(copy, importer !== undefined);
  if (difference !== null) {
    throw new LogMismatchError('What the target holds is not how the source begins', difference);
  }
  return origin.position;
}

async function copyRest(
  { from, to, importer = new AppendingImporter(to), onProgress, signal }: CopyOptions,
  range: CopyRange,
  source: CopyChecksum,
): Promise<bigint> {
  const progress = new ProgressTeller('copying', range, onProgress);
  if (range.to === null || range.to === range.after) return 0n;
  const after = range.after === null ? {} : { after: range.after };
  for await (const page of from.readAll({ ...after, until: range.to, pageSize: PAGE_EVENTS })) {
    signal?.throwIfAborted();
    await importer.add(page);
    source.add(page);
    progress.add(page.length, page.at(-1)?.position ?? 0n);
  }
  await importer.flush();
  progress.end();
  return progress.events;
}

async function readThrough(
  { onProgress, signal }: CopyOptions,
  store: EventStore,
  phase: CopyPhase,
  range: CopyRange,
): Promise<CopyChecksum> {
  const checksum = new CopyChecksum();
  const progress = new ProgressTeller(phase, range, onProgress);
  await readInto(checksum, store, range.to === null ? {} : { until: range.to }, (page) => {
    signal?.throwIfAborted();
    progress.add(page.length, page.at(-1)?.position ?? 0n);
  });
  progress.end();
  return checksum;
}

async function readInto(
  checksum: CopyChecksum,
  store: EventStore,
  options: ReadAllOptions,
  onPage?: (page: readonly RecordedEvent[]) => void,
): Promise<void> {
  for await (const page of store.readAll({ ...options, pageSize: PAGE_EVENTS })) {
    checksum.add(page);
    onPage?.(page);
  }
}

async function firstOf(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent | null> {
  for await (const page of pages) return page[0] ?? null;
  return null;
}
