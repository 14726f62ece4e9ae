import { type AggregateLog, load } from './aggregate-loading.js';
import type { Decider } from './decider.js';
import { WrongExpectedRevisionError } from '../events/errors.js';
import type { DomainEvent, EventMetadata, NewEvent, Position, Revision } from '../events/event.js';

export interface CommandContext {
  readonly metadata: EventMetadata;
  /** Id of the nth event of this command; derived from the command, so that a repeated command appends nothing new. */
  readonly eventId: (index: number) => string;
}

export interface CommandOutcome<State, Event extends DomainEvent = DomainEvent> {
  readonly state: State;
  /** Null where the stream does not exist and nothing was appended. */
  readonly revision: Revision | null;
  /** Position of the last event appended by this call; null where nothing was. */
  readonly position: Position | null;
  readonly appended: number;
  /** What was appended. */
  readonly events: readonly Event[];
}

const ATTEMPTS_MAX = 5;

/** The state of a stream's aggregate. */
export async function loadAggregate<Command, State, Event extends DomainEvent>(
  store: AggregateLog,
  decider: Decider<Command, State, Event>,
  stream: string,
): Promise<{ state: State; revision: Revision | null }> {
  const { state, revision } = await load(store, decider, stream, null);
  return { state, revision };
}

/**
 * Load, decide, append; once more from the start where another writer came first. A command whose events are stored
 * already is not decided again: that holds on every store, also where an exact revision does not find an older id.
 * @throws DomainError where the command is refused.
 * @throws WrongExpectedRevisionError where other writers came first every time.
 */
export async function handleCommand<Command, State, Event extends DomainEvent>(
  store: AggregateLog,
  decider: Decider<Command, State, Event>,
  stream: string,
  command: Command,
  context: CommandContext,
): Promise<CommandOutcome<State, Event>> {
  for (let attempt = 1; ; attempt += 1) {
    const { state, revision, repeated } = await load(store, decider, stream, context.eventId(0));
    const decided = repeated ? [] : decider.decide(command, state);
    if (decided.length === 0) return { state, revision, position: null, appended: 0, events: [] };
    const events: NewEvent[] = decided.map((event, index) => ({
      id: context.eventId(index),
      type: event.type,
      version: event.version,
      data: event.data as NewEvent['data'],
      metadata: context.metadata,
    }));
    try {
      const result = await store.append(stream, events, revision ?? 'no_stream');
      // Stored by the same command given twice at once: what it led to is in the stream now.
      if (result.duplicate && attempt < ATTEMPTS_MAX) continue;
      return {
        state: decided.reduce(decider.evolve, state),
        revision: result.revision,
        position: result.position,
        appended: decided.length,
        events: decided,
      };
    } catch (error) {
      if (!(error instanceof WrongExpectedRevisionError) || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
