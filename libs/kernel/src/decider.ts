import type { DomainEvent } from './event.js';

/**
 * The rules of one kind of aggregate, pure: no clock, no randomness, no I/O. Time, ids and prices arrive in the command.
 * `decide` throws a DomainError where the command is refused and returns no event where there is nothing to change.
 */
export interface Decider<Command, State, Event extends DomainEvent> {
  readonly initialState: State;
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
}

/** A rule of the domain that a command breaks. `field` names the input at fault where there is one. */
export class DomainError<Code extends string = string> extends Error {
  constructor(
    readonly code: Code,
    message: string,
    readonly field: string | null = null,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'DomainError';
  }
}
