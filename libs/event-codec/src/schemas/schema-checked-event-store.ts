import {
  type AppendResult,
  type EventBatch,
  type EventStore,
  type ExpectedRevision,
  InvalidAppendError,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type SubscribeOptions,
} from '@abland/kernel';
import { validateEvent } from './validate-event.js';

/** Lets only those events into the log that are as the schema of their type and version says. */
export class SchemaCheckedEventStore implements EventStore {
  constructor(private readonly store: EventStore) {}

  /**
   * @throws InvalidAppendError as the store does, and where data is not as its schema says; then nothing is appended.
   */
  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult> {
    for (const [index, { type, version, data }] of events.entries()) {
      const violation = validateEvent(type, version, data);
      if (violation === null) continue;
      const field = `events[${index}].data${violation.field === '' ? '' : `.${violation.field}`}`;
      throw new InvalidAppendError(`${field} of ${type} ${violation.message}`, {
        field,
        stream,
        type,
        version,
      });
    }
    return this.store.append(stream, events, expected);
  }

  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]> {
    return this.store.readStream(stream, options);
  }

  readAll(options?: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]> {
    return this.store.readAll(options);
  }

  subscribeToAll(options: SubscribeOptions): AsyncIterable<EventBatch> {
    return this.store.subscribeToAll(options);
  }

  head(): Promise<Position | null> {
    return this.store.head();
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
