import type { DomainEvent } from '../events/event.js';

/**
 * The rules of one kind of aggregate, pure: no clock, no randomness, no I/O. Time, ids and prices arrive in the command.
 * `decide` throws a DomainError where the command is refused and returns no event where there is nothing to change.
 */
export interface Decider<Command, State, Event extends DomainEvent> {
  readonly initialState: State;
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
  /**
   * For an aggregate whose stream grows without end: its state is JSON, and snapshots of it are made. Raised with every
   * change of what `evolve` makes of an event or of the state's shape, so that a snapshot of other code is not used. Absent:
   * the stream is folded each time.
   */
  readonly stateVersion?: number;
}
