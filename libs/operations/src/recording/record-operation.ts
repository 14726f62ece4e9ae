import { randomUUID } from 'node:crypto';
import {
  type OperationCommand,
  operationDecider,
  type OperationFigure,
  type OperationKind,
  operationStream,
} from '@abland/domain';
import { AblandError, type Clock, codeOf, DomainError, type EventStore, handleCommand } from '@abland/kernel';

/** What an operator is about to do. */
export interface OperatorsAct {
  readonly operationId: string;
  readonly kind: OperationKind;
  /** What it is done to: a projection's name, a person's address, the id of what is parked, a chain's id. */
  readonly subject: string;
  /** An operator's checksummed address, or `operator:<name>` at the machine itself. */
  readonly requestedBy: string;
  readonly reason: string;
}

/** What came of an act: for who asked, and for the log. */
export interface Done<Result> {
  readonly result: Result;
  /** Null where it is only under way: whoever carries it out tells what came of it. */
  readonly figures: readonly OperationFigure[] | null;
}

/**
 * Does what an operator asks, with a record in the log of who, why, and what came of it. The record of the request comes
 * before anything is done.
 * @throws DomainError INVALID_REASON, and whatever the act itself throws, which is recorded too
 */
export async function recordOperation<Result>(
  { log, clock }: { readonly log: EventStore; readonly clock: Clock },
  act: OperatorsAct,
  run: () => Promise<Done<Result>>,
): Promise<Result> {
  const now = () => new Date(clock()).toISOString();
  await give(log, act, { type: 'RequestOperation', ...act, at: now() });
  try {
    const { result, figures } = await run();
    if (figures !== null) await give(log, act, { type: 'CompleteOperation', result: figures, at: now() });
    return result;
  } catch (error) {
    await give(log, act, { type: 'FailOperation', ...failureOf(error), at: now() });
    throw error;
  }
}

async function give(log: EventStore, act: OperatorsAct, command: OperationCommand): Promise<void> {
  const { operationId, requestedBy } = act;
  const ids = [randomUUID()];
  await handleCommand(log, operationDecider, operationStream(operationId), command, {
    metadata: { correlationId: operationId, causationId: null, actor: requestedBy },
    eventId: (index) => (ids[index] ??= randomUUID()),
  });
}

/** Only errors of ours are told by their text: others may hold what is nobody's business. */
function failureOf(error: unknown): { readonly code: string; readonly reason: string } {
  if (error instanceof DomainError || error instanceof AblandError) {
    return { code: error.code, reason: error.message };
  }
  return { code: codeOf(error), reason: error instanceof Error ? error.name : typeof error };
}
