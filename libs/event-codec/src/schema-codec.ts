import { type EventCodec, InvalidAppendError, type NewEvent, type RecordedEvent } from '@abland/kernel';
import { validateEvent } from './schemas/validate-event.js';
import { EVENT_VERSIONS } from './upcasting/event-versions.js';
import { upcast } from './upcasting/upcast.js';

const versions: Readonly<Record<string, number>> = EVENT_VERSIONS;

/**
 * The log as this program knows its events: what is appended is checked against its schema, what is read comes in its newest
 * version. Events of a type that this program does not have pass as they are, for nobody here handles them; one of a version
 * newer than it knows ends the read with UNKNOWN_EVENT_VERSION, for it would be misread.
 *
 * Schemas are of what is stored, so it stands next to the log: a personal text is refused unless it was sealed before.
 */
export const schemaCodec: EventCodec = {
  /** @throws InvalidAppendError where data is not as its schema says */
  encode(stream: string, events: readonly NewEvent[]): readonly NewEvent[] {
    for (const [index, event] of events.entries()) requireSchema(stream, event, index);
    return events;
  },
  /** The page itself where all of it is new, which is nearly always. */
  decode(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
    if (events.every(({ type, version }) => versions[type] === version)) return events;
    return events.map((event) => (Object.hasOwn(versions, event.type) ? upcast(event) : event));
  },
};

function requireSchema(stream: string, { type, version, data }: NewEvent, index: number): void {
  const violation = validateEvent(type, version, data);
  if (violation === null) return;
  const field = `events[${index}].data${violation.field === '' ? '' : `.${violation.field}`}`;
  const details = { field, stream, type, version };
  throw new InvalidAppendError(`${field} of ${type} ${violation.message}`, details);
}
