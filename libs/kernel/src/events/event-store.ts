import type { NewEvent, Position, RecordedEvent, Revision } from './event.js';

/** What the appender knows of the stream: its exact last revision, or less. */
export type ExpectedRevision = Revision | 'no_stream' | 'stream_exists' | 'any';

export interface AppendResult {
  /** Revision of the last event appended. */
  readonly revision: Revision;
  /** Position of the last event appended. */
  readonly position: Position;
  /** True where every event had been stored before, so that this append changed nothing. */
  readonly duplicate: boolean;
}

export type Direction = 'forward' | 'backward';

export interface ReadStreamOptions {
  readonly direction?: Direction;
  /** First revision to read, included; default the first (forward) or the last (backward). */
  readonly from?: Revision;
  readonly maxCount?: number;
}

export interface EventFilter {
  /** Event types to deliver; absent: all. */
  readonly types?: readonly string[];
  /** Stream name prefixes to deliver (`order-`); absent: all. Both given: both must match. */
  readonly streamPrefixes?: readonly string[];
}

export interface ReadAllOptions {
  readonly direction?: Direction;
  /**
   * Excluded. Absent: from the start (forward) or the end (backward). The position of an event, or the one before (forward) or after
   * (backward) it, so that the event is read too: of no other position does every store know what comes next.
   */
  readonly after?: Position;
  /** Last position to read (forward) or first (backward), included. */
  readonly until?: Position;
  readonly filter?: EventFilter;
  readonly maxCount?: number;
  /** Events a page; bounds the reader's memory. */
  readonly pageSize?: number;
}

export interface SubscribeOptions {
  /** Excluded: the last handled position. Absent: from the start of the log. */
  readonly after?: Position;
  readonly filter?: EventFilter;
  /** Most events a batch. */
  readonly batchSize?: number;
  /** Called at least once a few seconds: whenever it was looked for what is new, whether something was or not. */
  readonly onLook?: () => void;
  /** Ends the subscription: the iteration returns. */
  readonly signal: AbortSignal;
}

/**
 * A batch of a subscription: never empty unless it only tells how far the log was scanned without a match. Storing
 * `scannedTo` as the checkpoint skips what the filter left out; it is at least the last event's position.
 */
export interface EventBatch {
  readonly events: readonly RecordedEvent[];
  readonly scannedTo: Position;
  /** True when the batch reached the end of the log as it was when read. */
  readonly live: boolean;
}

/** The log. Its laws are in `@abland/event-store` and run on every adapter. */
export interface EventStore {
  /**
   * Appends all events or none, in order.
   * @throws WrongExpectedRevisionError where the stream is not as expected.
   * @throws EventStoreUnavailableError where the outcome is unknown or the store out of reach; the same append may be repeated.
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult>;
  /** Pages of one stream in order; an absent stream is an empty read. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]>;
  /**
   * Pages of the whole log in order.
   * @throws UnknownPositionError where no event is where the read was to begin, and the store cannot tell what comes next
   */
  readAll(options?: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]>;
  /** Catches up from a position, then follows live; every matching event once and in order, until the signal aborts. */
  subscribeToAll(options: SubscribeOptions): AsyncIterable<EventBatch>;
  /** Position of the newest event; null where the log is empty. */
  head(): Promise<Position | null>;
  close(): Promise<void>;
}
