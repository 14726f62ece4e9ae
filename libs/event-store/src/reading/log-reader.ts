import type { Direction, EventFilter, Position, RecordedEvent, Revision } from '@abland/kernel';

/** A part of the log as it was read. */
export interface Scan {
  /** How many events are in it. */
  readonly count: number;
  /**
   * The events in their order, no more than so many at a time. Each part is made when it is asked for, where it can be: what lives for no
   * longer than it is worked on costs the collector of garbage nothing.
   */
  readonly parts: (most: number) => Iterable<RecordedEvent[]>;
  /** All matching events up to here, included, are in it or were before. */
  readonly scannedTo: Position;
}

/** Of events that are there already. */
export const scanOf = (events: RecordedEvent[], scannedTo: Position): Scan => ({
  count: events.length,
  parts: (most) => partsOf(events, most),
  scannedTo,
});

function* partsOf(events: RecordedEvent[], most: number): Generator<RecordedEvent[]> {
  if (events.length <= most) return yield events;
  for (let start = 0; start < events.length; start += most) yield events.slice(start, start + most);
}

/** Some of a stream's events, in the order that was asked for. */
export interface StreamPage {
  readonly events: RecordedEvent[];
  /** Whether the stream has no more of them. */
  readonly ended: boolean;
}

export interface ScanRequest {
  readonly direction: Direction;
  /** Excluded. */
  readonly from: Position;
  /** Included; must not be beyond the committed end of the log. */
  readonly to: Position;
  readonly filter: EventFilter | undefined;
  /** Most events; there may be fewer although the log has more. */
  readonly limit: number;
}

/** The reads that an adapter offers, each one round trip; paging, subscriptions and their promises are built on them once. */
export interface LogReader {
  /**
   * Position of the newest event, 0n where there is none. Asked after another read, it says that what was read is of the log that is
   * known: what was known before is still there.
   * @throws LogMismatchError where the log is no more the one that is known
   */
  head(): Promise<Position>;
  /** Whether a checkpoint at this position can be of this log. */
  contains(position: Position): Promise<boolean>;
  streamPage(stream: string, direction: Direction, from: Revision | null, limit: number): Promise<StreamPage>;
  scan(request: ScanRequest): Promise<Scan>;
}

/** Tells that there may be something new; only a hint. */
export interface ChangeSignal {
  /** The callback gets the position of something new, or null where something may have been missed. Returns the way to stop. */
  listen(callback: (position: string | null) => void, interest?: EventFilter): () => void;
}
