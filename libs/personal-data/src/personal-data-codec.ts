import type { SealedText } from '@abland/domain';
import type { EventCodec, Json, NewEvent, RecordedEvent } from '@abland/kernel';
import { isSealed, type PersonalDataCipher, type PlacedText } from './personal-data-cipher.js';
import { CATALOGUED_PERSONAL_DATA, type PersonalDataRules } from './personal-data-rules.js';

/** What a reader of events gets in place of a text whose key was destroyed. */
export const ERASED = '[erased]';

/**
 * Keeps personal texts sealed in the log and readable outside of it, until the person's key is destroyed. What is hashed,
 * copied and proved is the stored, sealed event: it stays the same after an erasure. An event that is appended again is
 * sealed again, into other bytes: its id decides, so that the bytes of the first append stay.
 *
 * An append about a person whose key was destroyed fails with PersonalDataErasedError; nothing of it is stored.
 */
export function personalDataCodec(
  cipher: PersonalDataCipher,
  rules: PersonalDataRules = CATALOGUED_PERSONAL_DATA,
): EventCodec {
  const isPersonal = ({ type }: { readonly type: string }): boolean => rules.fieldsOf(type).length > 0;

  /** What is no text stays as it is: the schema refuses it behind us. */
  async function seal(stream: string, event: NewEvent): Promise<NewEvent> {
    const subject = rules.subjectOf(event.data);
    if (subject === null) return event;
    const texts = rules.fieldsOf(event.type).flatMap((field): PlacedText<string>[] => {
      const text = event.data[field];
      return typeof text === 'string' ? [{ place: { stream, eventId: event.id, field }, text }] : [];
    });
    const sealed = await cipher.seal(subject, texts);
    const data: Record<string, Json> = { ...event.data };
    texts.forEach(({ place }, index) => (data[place.field] = sealed[index] ?? null));
    return { ...event, data };
  }

  async function open(
    events: readonly RecordedEvent[],
    texts: readonly PlacedText<SealedText>[],
  ): Promise<readonly RecordedEvent[]> {
    const opened = await cipher.open(texts);
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

  const sealedTexts = ({ stream, id, type, data }: RecordedEvent): PlacedText<SealedText>[] =>
    rules.fieldsOf(type).flatMap((field) => {
      const text = data[field];
      return isSealed(text) ? [{ place: { stream, eventId: id, field }, text }] : [];
    });

  return {
    encode: (stream, events) =>
      events.some(isPersonal) ? Promise.all(events.map((event) => seal(stream, event))) : events,
    decode(events) {
      if (!events.some(isPersonal)) return events;
      const texts = events.flatMap(sealedTexts);
      return texts.length === 0 ? events : open(events, texts);
    },
  };
}
