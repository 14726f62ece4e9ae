import type {
  AppendResult,
  EventBatch,
  EventStore,
  ExpectedRevision,
  Json,
  JsonObject,
  NewEvent,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  SubscribeOptions,
} from '@abland/kernel';
import { isEncrypted, type PersonalDataCipher } from './personal-data-cipher.js';

/** Which top-level fields of an event's data are personal, and whose. Null where none are. */
export type PersonalFields = (
  event: NewEvent,
) => { readonly subject: string; readonly fields: readonly string[] } | null;

/**
 * Keeps personal data encrypted in the log and readable outside of it, until the person's key is destroyed. What is hashed,
 * copied and proved is the stored, encrypted event: it stays the same after an erasure.
 */
export class PersonalDataEventStore implements EventStore {
  constructor(
    private readonly store: EventStore,
    private readonly cipher: PersonalDataCipher,
    private readonly personalFields: PersonalFields,
  ) {}

  /** @throws PersonalDataErasedError where the event is about a person whose key was destroyed; nothing is appended. */
  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult> {
    return this.store.append(
      stream,
      await Promise.all(events.map((event) => this.encrypted(event))),
      expected,
    );
  }

  async *readStream(stream: string, options?: ReadStreamOptions): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const page of this.store.readStream(stream, options)) yield await this.decryptedAll(page);
  }

  async *readAll(options?: ReadAllOptions): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const page of this.store.readAll(options)) yield await this.decryptedAll(page);
  }

  async *subscribeToAll(options: SubscribeOptions): AsyncGenerator<EventBatch> {
    for await (const batch of this.store.subscribeToAll(options)) {
      yield { ...batch, events: await this.decryptedAll(batch.events) };
    }
  }

  head(): Promise<Position | null> {
    return this.store.head();
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private async encrypted(event: NewEvent): Promise<NewEvent> {
    const personal = this.personalFields(event);
    if (personal === null) return event;
    const data: Record<string, Json> = { ...event.data };
    for (const field of personal.fields) {
      const value = data[field];
      if (value === undefined || value === null) continue;
      data[field] = await this.cipher.encrypt(personal.subject, `${event.id}/${field}`, value);
    }
    return { ...event, data };
  }

  private decryptedAll(events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    const personal = events.some(({ data }) => Object.values(data).some(isEncrypted));
    return personal ? Promise.all(events.map((event) => this.decrypted(event))) : Promise.resolve(events);
  }

  private async decrypted(event: RecordedEvent): Promise<RecordedEvent> {
    const fields = await Promise.all(
      Object.entries(event.data).map(async ([field, value]): Promise<[string, Json]> => {
        return [field, isEncrypted(value) ? await this.cipher.decrypt(value, `${event.id}/${field}`) : value];
      }),
    );
    return { ...event, data: Object.fromEntries(fields) as JsonObject };
  }
}
