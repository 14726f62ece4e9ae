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
  readonly signal: AbortSignal;
}

/**
 * The way from the chain to the log: ordered messages in topics, kept until trimmed, delivered at least once.
 * Its laws are in `@abland/log-stream` and run on every adapter.
 */
export interface LogStream {
  /** Appends all messages in order; returns once they are durable. One publisher a topic at a time. */
  publish(topic: string, values: readonly Json[]): Promise<Offset>;
  /** Batches in order, from an offset on and then live, until the signal aborts. Waits for the caller between batches. */
  consume(topic: string, options: ConsumeOptions): AsyncIterable<readonly LogMessage[]>;
  /** The newest message; null where the topic is empty. */
  last(topic: string): Promise<LogMessage | null>;
  /** Lets go of messages up to an offset, included. */
  trim(topic: string, upTo: Offset): Promise<void>;
  close(): Promise<void>;
}
