import { findNonJson, InvalidAppendError, type NewEvent, UUID } from '@abland/kernel';

const STREAM_NAME = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,199}$/;
const TYPE_NAME = /^[A-Za-z][A-Za-z0-9._-]{0,99}$/;

/**
 * Refuses what no adapter may store. Stream names start with a letter or digit (EventStoreDB keeps `$` for itself) and ids
 * are lower-case UUIDs, so that equal ids are equal text everywhere.
 * @throws InvalidAppendError naming the field at fault.
 */
export function validateAppend(stream: string, events: readonly NewEvent[]): void {
  if (typeof stream !== 'string' || !STREAM_NAME.test(stream)) {
    throw invalid('stream', 'is not a stream name', { stream });
  }
  if (events.length === 0) throw invalid('events', 'is empty', { stream });
  const ids = new Set<string>();
  for (const [index, event] of events.entries()) {
    validateEvent(event, `events[${index}]`, stream);
    if (ids.has(event.id))
      throw invalid(`events[${index}].id`, 'is twice in this append', { stream, id: event.id });
    ids.add(event.id);
  }
}

function validateEvent(event: NewEvent, at: string, stream: string): void {
  if (typeof event.id !== 'string' || !UUID.test(event.id)) {
    throw invalid(`${at}.id`, 'is not a lower-case UUID', { stream, id: event.id });
  }
  if (typeof event.type !== 'string' || !TYPE_NAME.test(event.type)) {
    throw invalid(`${at}.type`, 'is not an event type', { stream, type: event.type });
  }
  if (!Number.isSafeInteger(event.version) || event.version < 1) {
    throw invalid(`${at}.version`, 'is not a version from 1', { stream, version: event.version });
  }
  requireJsonObject(event.data, `${at}.data`, stream);
  requireJsonObject(event.metadata, `${at}.metadata`, stream);
}

function requireJsonObject(value: unknown, at: string, stream: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(at, 'is not a JSON object', { stream });
  }
  const wrong = findNonJson(value, at);
  if (wrong !== null) throw invalid(wrong, 'cannot be stored as JSON', { stream });
}

function invalid(
  field: string,
  problem: string,
  values: Readonly<Record<string, unknown>>,
): InvalidAppendError {
  return new InvalidAppendError(`${field} ${problem}`, { field, ...values });
}
