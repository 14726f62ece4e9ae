import {
  operationDecider,
  type OperationFigure,
  operationStream,
  type ParkedLogResolved,
  type UserErased,
  type Uuid,
} from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { bindCommand, type ProcessCommand } from '../engine/process-command.js';

/**
 * That an operator's act is done, where an event shows that it was: whoever did it may have ended before they could record it, and
 * the operation would be asked for ever. Nothing new where they recorded it.
 */
function completed(
  { id, metadata }: Pick<RecordedEvent, 'id' | 'metadata'>,
  operationId: Uuid,
  result: readonly OperationFigure[],
  now: number,
): ProcessCommand {
  const command = { type: 'CompleteOperation', result, at: new Date(now).toISOString() } as const;
  const cause = { id, causationId: id, correlationId: metadata.correlationId };
  return bindCommand(operationDecider, operationStream(operationId), command, cause);
}

/** Null where the person asked for their erasure: that is no operation. */
export function erasureCarriedOut(event: RecordedEvent<UserErased>, now: number): ProcessCommand | null {
  const { at, by, commandId } = event.data;
  return by === 'OPERATOR' ? completed(event, commandId, [{ name: 'erasedAt', value: at }], now) : null;
}

/** @param before the event before it on the chain's stream: of a log that was taken in late, its fact */
export function decisionCarriedOut(
  event: RecordedEvent<ParkedLogResolved>,
  before: Pick<RecordedEvent, 'type'>,
  now: number,
): ProcessCommand {
  const { operationId, resolution } = event.data;
  const result = resolution === 'RETRIED' ? [{ name: 'fact', value: before.type }] : [];
  return completed(event, operationId, result, now);
}
