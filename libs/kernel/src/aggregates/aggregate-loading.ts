import type { Decider } from './decider.js';
import type { DomainEvent, Position, Revision } from '../events/event.js';
import type { EventStore } from '../events/event-store.js';

export interface LoadedAggregate<State> {
  readonly state: State;
  /** Null where the stream does not exist. */
  readonly revision: Revision | null;
  /** Of the last event; null where the stream does not exist. */
  readonly position: Position | null;
  /** Whether the event that was asked about is in the stream. */
  readonly repeated: boolean;
}

/** Another way to an aggregate's state than folding its whole stream; what it gives is the same. */
export interface AggregateLoader {
  /** @param eventId the event that `repeated` tells of; null: none */
  load<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    stream: string,
    eventId: string | null,
  ): Promise<LoadedAggregate<State>>;
}

/** A log that may know a shorter way to the states of its aggregates. */
export interface AggregateLog extends EventStore {
  readonly aggregates?: AggregateLoader;
}

/** Loads by the log's own way where it has one, else by folding the stream. */
export function load<Command, State, Event extends DomainEvent>(
  log: AggregateLog,
  decider: Decider<Command, State, Event>,
  stream: string,
  eventId: string | null,
): Promise<LoadedAggregate<State>> {
  return log.aggregates === undefined
    ? foldStream(log, decider, stream, eventId)
    : log.aggregates.load(decider, stream, eventId);
}

/** Folds a whole stream. */
export async function foldStream<Command, State, Event extends DomainEvent>(
  store: Pick<EventStore, 'readStream'>,
  decider: Decider<Command, State, Event>,
  stream: string,
  eventId: string | null,
): Promise<LoadedAggregate<State>> {
  let state = decider.initialState;
  let revision: Revision | null = null;
  let position: Position | null = null;
  let repeated = false;
  for await (const page of store.readStream(stream)) {
    for (const event of page) {
      // A stream holds the events of its own decider alone.
      state = decider.evolve(state, event as unknown as Event);
      revision = event.revision;
      position = event.position;
      repeated ||= event.id === eventId;
    }
  }
  return { state, revision, position, repeated };
}
