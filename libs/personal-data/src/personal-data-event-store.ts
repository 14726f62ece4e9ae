import type { SealedText } from '@abland/domain';
import type {
  AppendResult,
  EventBatch,
  EventStore,
  ExpectedRevision,
  Json,
  NewEvent,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  SubscribeOptions,
} from '@abland/kernel';
import { isSealed, type PersonalDataCipher, type PlacedText } from './personal-data-cipher.js';
import type { PersonalDataRules } from './personal-data-rules.js';

/** What a reader of events gets in place of a text whose key was destroyed. */
export const ERASED = '[erased]';

/**
 * Keeps personal texts sealed in the log and readable outside of it, until the person's key is destroyed. What is hashed,
 * copied and proved is the stored, sealed event: it stays the same after an erasure. An event that is appended again is
 * sealed again, into other bytes: its id decides, so that the bytes of the first append stay.
 */
export class PersonalDataEventStore implements EventStore {
  constructor(
    private readonly store: EventStore,
    private readonly cipher: PersonalDataCipher,
    private readonly rules: PersonalDataRules,
  ) {}

  /** @throws PersonalDataErasedError where an event is about a person whose key was destroyed; nothing is appended. */
  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult> {
    const personal = events.some(({ type }) => this.rules.fieldsOf(type).length > 0);
    const sealed = personal ? await Promise.all(events.map((event) => this.sealed(stream, event))) : events;
    return this.store.append(stream, sealed, expected);
  }

  async *readStream(stream: string, options?: ReadStreamOptions): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const page of this.store.readStream(stream, options)) yield await this.opened(page);
  }

  async *readAll(options?: ReadAllOptions): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const page of this.store.readAll(options)) yield await this.opened(page);
  }

  async *subscribeToAll(options: SubscribeOptions): AsyncGenerator<EventBatch> {
    for await (const batch of this.store.subscribeToAll(options)) {
      yield { ...batch, events: await this.opened(batch.events) };
    }
  }

  head(): Promise<Position | null> {
    return this.store.head();
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** What is no text stays as it is: the schema refuses it behind us. */
  private async sealed(stream: string, event: NewEvent): Promise<NewEvent> {
    const subject = this.rules.subjectOf(event.data);
    if (subject === null) return event;
    const texts = this.rules.fieldsOf(event.type).flatMap((field): PlacedText<string>[] => {
      const text = event.data[field];
      return typeof text === 'string' ? [{ place: { stream, eventId: event.id, field }, text }] : [];
    });
    const sealed = await this.cipher.seal(subject, texts);
    const data: Record<string, Json> = { ...event.data };
    texts.forEach(({ place }, index) => (data[place.field] = sealed[index] ?? null));
    return { ...event, data };
  }

  /** The page itself where nothing in it is personal, which is nearly always. */
  private async opened(events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    const texts = events.flatMap((event) => this.sealedTexts(event));
    if (texts.length === 0) return events;
    const opened = await this.cipher.open(texts);
    const byEvent = new Map<string, Record<string, Json>>();
    texts.forEach(({ place }, index) => {
      const key = `${place.stream}/${place.eventId}`;
      byEvent.set(key, { ...byEvent.get(key), [place.field]: opened[index] ?? ERASED });
    });
    return events.map((event) => {
      const fields = byEvent.get(`${event.stream}/${event.id}`);
      return fields === undefined ? event : { ...event, data: { ...event.data, ...fields } };
    });
  }

  private sealedTexts({ stream, id, type, data }: RecordedEvent): PlacedText<SealedText>[] {
    return this.rules.fieldsOf(type).flatMap((field) => {
      const text = data[field];
      return isSealed(text) ? [{ place: { stream, eventId: id, field }, text }] : [];
    });
  }
}
