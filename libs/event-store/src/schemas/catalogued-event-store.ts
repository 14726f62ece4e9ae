import { EVENT_VERSIONS, upcast } from '@abland/domain';
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

/**
 * The log as the program's catalogue has it, on any adapter: what is appended is checked against its schema, what is read
 * comes in its newest version. Events of a type that the catalogue does not have pass as they are, for nobody here
 * handles them; one of a version newer than it knows ends the read with UNKNOWN_EVENT_VERSION, for it would be misread.
 */
export class CataloguedEventStore implements EventStore {
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

  async *readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of this.store.readStream(stream, options)) yield newest(page);
  }

  async *readAll(options?: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of this.store.readAll(options)) yield newest(page);
  }

  async *subscribeToAll(options: SubscribeOptions): AsyncIterable<EventBatch> {
    for await (const batch of this.store.subscribeToAll(options)) {
      yield { ...batch, events: newest(batch.events) };
    }
  }

  head(): Promise<Position | null> {
    return this.store.head();
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

const versions: Readonly<Record<string, number>> = EVENT_VERSIONS;

/** The page itself where all of it is new, which is nearly always. */
function newest(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  if (events.every(({ type, version }) => versions[type] === version)) return events;
  return events.map((event) => (Object.hasOwn(versions, event.type) ? upcast(event) : event));
}
