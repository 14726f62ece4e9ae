import type { EventFilter } from './event-store.js';
import type { RecordedEvent } from './event.js';

/** Whether a subscriber or reader with this filter gets the event. */
export function matchesFilter(event: RecordedEvent, filter: EventFilter | undefined): boolean {
  if (filter === undefined) return true;
  if (filter.types !== undefined && !filter.types.includes(event.type)) return false;
  return (
    filter.streamPrefixes === undefined ||
    filter.streamPrefixes.some((prefix) => event.stream.startsWith(prefix))
  );
}
