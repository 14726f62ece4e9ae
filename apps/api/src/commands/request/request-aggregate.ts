import {
  type AcceptedRequest,
  type RequestCommand,
  requestDecider,
  type RequestEvent,
  type RequestState,
} from '@abland/domain';
import type { LoadedAggregate, Position } from '@abland/kernel';
import { AggregateRoot } from '@nestjs/cqrs';
import { ApiError } from '../../errors/api-error.js';

/**
 * What a person asks of a chain, whatever it is: asked by commands, it applies the events that the domain's rules answer
 * with, and holds them until they are in the log.
 */
export class RequestAggregate extends AggregateRoot<RequestEvent> {
  private held: RequestState;
  private storedTo: Position | null;

  constructor(
    readonly commandId: string,
    private readonly loaded: LoadedAggregate<RequestState>,
  ) {
    super();
    this.held = loaded.state;
    this.storedTo = loaded.position;
  }

  /** Nobody has asked for anything under this id. */
  get isNew(): boolean {
    return this.held.status === 'NONE';
  }

  /** Of the last stored event; null where none is. */
  get revision(): bigint | null {
    return this.loaded.revision;
  }

  /** Of the newest event of it in the log. @throws ApiError COMMAND_NOT_FOUND */
  get position(): Position {
    if (this.storedTo !== null) return this.storedTo;
    throw notFound();
  }

  /** @throws ApiError COMMAND_NOT_FOUND */
  get state(): AcceptedRequest {
    if (this.held.status !== 'NONE') return this.held;
    throw notFound();
  }

  /** One answer for what is not there and what another gave: which ids there are is nobody's business. @throws ApiError COMMAND_NOT_FOUND */
  assertOf(caller: string): void {
    if (this.state.request.requester !== caller) throw notFound();
  }

  /** What was asked is in the log, up to a position. */
  stored(position: Position): void {
    this.storedTo = position;
    this.commit();
  }

  /** Nothing where the events of this very command are stored already. @throws DomainError where it is refused. */
  ask(command: RequestCommand): void {
    if (this.loaded.repeated) return;
    for (const event of requestDecider.decide(command, this.held)) {
      this.apply(event, { skipHandler: true });
      this.held = requestDecider.evolve(this.held, event);
    }
  }
}

const notFound = (): ApiError => new ApiError('COMMAND_NOT_FOUND', 'No such command', 'commandId');
