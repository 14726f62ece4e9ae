import type { Json } from '../json/json.js';

/** Place of a message in its topic, growing. */
export type Offset = bigint;

export interface LogMessage<Value extends Json = Json> {
  readonly offset: Offset;
  readonly value: Value;
}

export interface ConsumeOptions {
  /** Excluded. Absent: from the oldest message kept. */
  readonly after?: Offset;
  readonly batchSize?: number;
  /** Called at least once a few seconds: whenever it was looked for what is new, whether something was or not. */
  readonly onLook?: () => void;
  readonly signal: AbortSignal;
}

export interface PublishOptions {
  /** Of the lease by which one publishes; 0, of a topic that nobody claims, where it is absent. */
  readonly epoch?: bigint;
}

/** How a consumer stands that runs now. */
export interface ReaderStatus {
  readonly topic: string;
  /** Messages, at most, that are there and were not given to it yet; null before it has read. */
  readonly lag: bigint | null;
  /** What it let go of because no publisher of ours wrote it, or one that had been followed. */
  readonly letGo: number;
}

/** Bytes of a message as JSON in UTF-8. */
export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

/**
 * The way from the chain to the log: ordered messages in topics, kept until trimmed, delivered at least once. Offsets grow; what
 * lies between two of them is the adapter's own. Its laws are in `@abland/log-stream` and run on every adapter.
 */
export interface LogStream {
  /**
   * Makes this stream the publisher of a topic: from now on whoever publishes with a lower epoch is refused, and so is a former
   * claimant of the same one. Nothing that was sent before can come into the topic any more, however late it arrives: a
   * publisher claims first, then reads what is there, then publishes. Claimed again after each failure.
   * @throws StreamFencedError where a higher epoch has claimed
   */
  claim(topic: string, epoch: bigint): Promise<void>;
  /**
   * Appends all messages in order; returns the offset of the last one once they are durable. Where it fails, some of them, from
   * the first on, may have been appended.
   * @throws StreamFencedError where another publishes by now: none of these will be delivered
   * @throws MessageTooLargeError, InvalidMessageError before anything is appended
   */
  publish(topic: string, values: readonly Json[], options?: PublishOptions): Promise<Offset>;
  /**
   * Batches in order, from an offset on and then live, until the signal aborts. Waits for the caller between batches.
   * @throws LogStreamOffsetError where messages after the offset are gone
   */
  consume(topic: string, options: ConsumeOptions): AsyncIterable<readonly LogMessage[]>;
  /** The newest message; null where the topic is empty. */
  last(topic: string): Promise<LogMessage | null>;
  /** Lets go of messages up to an offset, included, but for the newest. */
  trim(topic: string, upTo: Offset): Promise<void>;
  /** Of the consumers of this stream. */
  readers(): readonly ReaderStatus[];
  close(): Promise<void>;
}
