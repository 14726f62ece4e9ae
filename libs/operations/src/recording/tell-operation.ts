import { randomUUID } from 'node:crypto';
import {
  type OperationCommand,
  operationDecider,
  operationStream,
  type RequestOperation,
} from '@abland/domain';
import { type Clock, type EventStore, handleCommand, type NewEvent } from '@abland/kernel';
import type { OperationOutcome } from '@abland/postgres';

export interface TellingPorts {
  readonly log: EventStore;
  readonly clock: Clock;
}

/** A command on an operation, once however often it is tried. @throws DomainError UNKNOWN_OPERATION, and what the request refuses */
export async function giveToOperation(
  { log }: TellingPorts,
  operationId: string,
  command: OperationCommand,
  actor: string,
): Promise<void> {
  const ids = [randomUUID()];
  await handleCommand(log, operationDecider, operationStream(operationId), command, {
    metadata: { correlationId: operationId, causationId: null, actor },
    eventId: (index) => (ids[index] ??= randomUUID()),
  });
}

/** Tells in the log what came of an operation; nothing new where that was told. @throws DomainError UNKNOWN_OPERATION */
export const tellOutcome = (
  ports: TellingPorts,
  operationId: string,
  outcome: OperationOutcome,
  actor: string,
): Promise<void> => giveToOperation(ports, operationId, endOf(ports, outcome), actor);

/** Tells in the log, in one append, what was asked for and what came of it. @throws DomainError INVALID_REASON */
export async function tellWhole(
  ports: TellingPorts,
  request: RequestOperation,
  outcome: OperationOutcome,
): Promise<void> {
  const { operationId, requestedBy: actor } = request;
  const metadata = { correlationId: operationId, causationId: null, actor };
  const { decide, evolve, initialState } = operationDecider;
  const asked = decide(request, initialState);
  const ended = decide(endOf(ports, outcome), asked.reduce(evolve, initialState));
  const events = [...asked, ...ended].map(({ data, type, version }): NewEvent => ({
    ...{ id: randomUUID(), type, version, metadata },
    data: data as unknown as NewEvent['data'],
  }));
  await ports.log.append(operationStream(operationId), events, 'no_stream');
}

function endOf({ clock }: TellingPorts, outcome: OperationOutcome): OperationCommand {
  const at = new Date(clock()).toISOString();
  return outcome.kind === 'DONE'
    ? { type: 'CompleteOperation', result: outcome.figures, at }
    : { type: 'FailOperation', code: outcome.code, reason: outcome.reason, at };
}
