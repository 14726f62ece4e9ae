import {
  AblandError,
  type EventStore,
  LogMismatchError,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from '@abland/kernel';
import { EventChecksum } from './event-checksum.js';

/** The copy and its source are not the same log. */
export class LogCopyError extends AblandError {
  readonly code = 'LOG_COPY_DIFFERS';
}

export interface CopyProgress {
  readonly phase: 'copying' | 'verifying';
  /** Events done in this phase, in this run. */
  readonly events: bigint;
  readonly eventsPerSecond: number;
}

export interface CopyOptions {
  readonly from: EventStore;
  readonly to: EventStore;
  readonly onProgress?: (progress: CopyProgress) => void;
  /** Ends the copy between two appends; it can be resumed. */
  readonly signal?: AbortSignal;
}

export interface CopyReport {
  readonly copied: bigint;
  readonly events: bigint;
  readonly checksum: string;
}

/** Events of one stream that follow each other in the log go in one append, up to this many. */
const APPEND_EVENTS_MAX = 500;
const PROGRESS_MS = 1_000;

/**
 * Copies a log in order into a store that is empty or holds the beginning of a copy, then reads both and compares them. Every
 * append has its exact revision, so that a copy that was cut off goes on without doubling.
 * @throws LogMismatchError where the target holds something else; LogCopyError where the copy differs in the end.
 */
export async function copyLog(options: CopyOptions): Promise<CopyReport> {
  const copied = await copyRest(options);
  options.signal?.throwIfAborted();
  const [source, target] = await Promise.all([checksumOf(options.from, options), checksumOf(options.to, {})]);
  const report = { copied, events: target.count, checksum: target.hex() };
  if (source.count === target.count && source.hex() === target.hex()) return report;
  throw new LogCopyError('The copy differs from its source', {
    sourceEvents: source.count.toString(),
    targetEvents: target.count.toString(),
    sourceChecksum: source.hex(),
    targetChecksum: target.hex(),
  });
}

async function copyRest({ from, to, onProgress, signal }: CopyOptions): Promise<bigint> {
  const after = await resumeAfter(from, to);
  const progress = new Progress('copying', onProgress);
  let run: RecordedEvent[] = [];
  const flush = async (): Promise<void> => {
    const [first] = run;
    if (first === undefined) return;
    const expected = first.revision === 0n ? 'no_stream' : first.revision - 1n;
    await to.append(first.stream, run.map(toNewEvent), expected);
    progress.add(run.length);
    run = [];
  };
  for await (const page of from.readAll(after === null ? {} : { after })) {
    for (const event of page) {
      if (run.length >= APPEND_EVENTS_MAX || (run[0] !== undefined && run[0].stream !== event.stream))
        await flush();
      signal?.throwIfAborted();
      run.push(event);
    }
  }
  await flush();
  return progress.events;
}

/** Where in the source the target's last event is. */
async function resumeAfter(from: EventStore, to: EventStore): Promise<Position | null> {
  const last = await firstOf(to.readAll({ direction: 'backward', maxCount: 1 }));
  if (last === null) return null;
  const origin = await firstOf(from.readStream(last.stream, { from: last.revision, maxCount: 1 }));
  if (origin?.id === last.id) return origin.position;
  throw new LogMismatchError('The target holds events that are not of the source', {
    stream: last.stream,
    revision: last.revision.toString(),
  });
}

async function checksumOf(
  store: EventStore,
  { onProgress }: Pick<CopyOptions, 'onProgress'>,
): Promise<EventChecksum> {
  const checksum = new EventChecksum();
  const progress = new Progress('verifying', onProgress);
  for await (const page of store.readAll()) {
    for (const event of page) checksum.add(event);
    progress.add(page.length);
  }
  return checksum;
}

async function firstOf(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent | null> {
  for await (const page of pages) return page[0] ?? null;
  return null;
}

function toNewEvent({ id, type, version, data, metadata }: RecordedEvent): NewEvent {
  return { id, type, version, data, metadata };
}

class Progress {
  events = 0n;
  private readonly start = performance.now();
  private toldAt = performance.now();

  constructor(
    private readonly phase: CopyProgress['phase'],
    private readonly tell: CopyOptions['onProgress'],
  ) {}

  add(count: number): void {
    this.events += BigInt(count);
    const now = performance.now();
    if (now - this.toldAt < PROGRESS_MS) return;
    this.toldAt = now;
    const eventsPerSecond = (Number(this.events) / (now - this.start)) * 1_000;
    this.tell?.({ phase: this.phase, events: this.events, eventsPerSecond });
  }
}
