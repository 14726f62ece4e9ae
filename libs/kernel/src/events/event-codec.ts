import type { NewEvent, RecordedEvent } from './event.js';

/**
 * Between the events that programs work with and what a log holds of them. Both ways give as many events as they are given, in
 * the same order, and an array that needs no change as it is. A promise only where something has to be waited for.
 */
export interface EventCodec {
  /** @throws where an event must not be stored; then none of them is */
  encode(stream: string, events: readonly NewEvent[]): Perhaps<readonly NewEvent[]>;
  decode(events: readonly RecordedEvent[]): Perhaps<readonly RecordedEvent[]>;
}

/** Now, or after something that has to be waited for. */
export type Perhaps<Value> = Value | Promise<Value>;
