import {
  type CommandOutcome,
  type Decider,
  type DomainEvent,
  type EventStore,
  handleCommand,
} from '@abland/kernel';
import { v5 as uuidv5 } from 'uuid';

/** Never changes: every id derived from it would. */
const EVENT_ID_NAMESPACE = '2d7ec1f4-52c1-4f0b-9a53-0f5c6f1f9a41';

/** What set a command in motion: an event, or a timer that names itself the same way at every try. */
export interface Cause {
  /** What ids of new events derive from. */
  readonly id: string;
  /** Id of the event or command that led to this one. */
  readonly causationId: string;
  readonly correlationId: string;
}

/** A command to an aggregate, bound to its decider. */
export interface ProcessCommand {
  readonly stream: string;
  readonly type: string;
  /** As the decider gets it. */
  readonly command: object;
  readonly cause: Cause;
  handle(store: EventStore, actor: string): Promise<CommandOutcome<unknown>>;
}

/**
 * Binds a command to its decider and stream. Ids of its events derive from the cause, so that a repeated cause appends
 * nothing twice.
 */
export function bindCommand<Command extends { readonly type: string }, State, Event extends DomainEvent>(
  decider: Decider<Command, State, Event>,
  stream: string,
  command: Command,
  cause: Cause,
): ProcessCommand {
  return {
    stream,
    type: command.type,
    command,
    cause,
    handle: (store, actor) =>
      handleCommand(store, decider, stream, command, {
        metadata: { correlationId: cause.correlationId, causationId: cause.causationId, actor },
        eventId: (index) => uuidv5(`${cause.id}/${stream}/${command.type}/${index}`, EVENT_ID_NAMESPACE),
      }),
  };
}
