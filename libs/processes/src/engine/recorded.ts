import type { DomainEvent, RecordedEvent } from '@abland/kernel';

/** A recorded event of one of several types, told apart by `type`. */
export type Recorded<Event extends DomainEvent> = Event extends DomainEvent ? RecordedEvent<Event> : never;
