import { randomUUID } from 'node:crypto';
import { type OperationCommand, operationDecider, operationStream } from '@abland/domain';
import { type Clock, type EventStore, handleCommand } from '@abland/kernel';
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
export function tellOutcome(
  ports: TellingPorts,
  operationId: string,
  outcome: OperationOutcome,
  actor: string,
): Promise<void> {
  const at = new Date(ports.clock()).toISOString();
  const command: OperationCommand =
    outcome.kind === 'DONE'
      ? { type: 'CompleteOperation', result: outcome.figures, at }
      : { type: 'FailOperation', code: outcome.code, reason: outcome.reason, at };
  return giveToOperation(ports, operationId, command, actor);
}
