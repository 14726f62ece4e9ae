import { EVENT_VERSIONS } from '../upcasting/event-versions.js';
import { upcast } from '../upcasting/upcast.js';
import type {
  AppendResult,
  EventBatch,
  EventStore,
  ExpectedRevision,
  NewEvent,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  SubscribeOptions,
} from '@abland/kernel';
import type { PersonalDataCipher } from '@abland/personal-data';
import { PersonalDataEventStore } from '@abland/personal-data';
import { CATALOGUED_PERSONAL_DATA } from '@abland/personal-data';
import { SchemaCheckedEventStore } from './schema-checked-event-store.js';

/**
 * The log as the program's catalogue has it, on any adapter: what is appended is checked against its schema, what is read
 * comes in its newest version. Events of a type that the catalogue does not have pass as they are, for nobody here
 * handles them; one of a version newer than it knows ends the read with UNKNOWN_EVENT_VERSION, for it would be misread.
 *
 * Schemas are of what is stored, so that a personal text is refused unless it is sealed. With a cipher personal texts are
 * sealed on their way in and opened on their way out; without one they stay sealed, and none can be appended.
 */
export class CataloguedEventStore implements EventStore {
  private readonly store: EventStore;

  constructor(store: EventStore, cipher: PersonalDataCipher | null = null) {
    const checked = new SchemaCheckedEventStore(store);
    this.store =
      cipher === null ? checked : new PersonalDataEventStore(checked, cipher, CATALOGUED_PERSONAL_DATA);
  }

  /**
   * @throws InvalidAppendError as the store does, and where data is not as its schema says; then nothing is appended.
   * @throws PersonalDataErasedError where an event is about a person whose key was destroyed; nothing is appended.
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult> {
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
