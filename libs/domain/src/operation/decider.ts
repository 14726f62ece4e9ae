import type { Decider } from '@abland/kernel';
import { refusal } from '../vocabulary/errors.js';
import { parseReason } from '../input/reason.js';
import type { Instant, Uuid } from '../vocabulary/values.js';
import {
  OPERATION_VERSIONS,
  type OperationEvent,
  type OperationFigure,
  type OperationKind,
} from './events.js';

export interface RequestOperation {
  readonly type: 'RequestOperation';
  readonly operationId: Uuid;
  readonly kind: OperationKind;
  readonly subject: string;
  readonly requestedBy: string;
  readonly reason: string;
  readonly at: Instant;
}
export interface CompleteOperation {
  readonly type: 'CompleteOperation';
  readonly result: readonly OperationFigure[];
  readonly at: Instant;
}
export interface FailOperation {
  readonly type: 'FailOperation';
  readonly code: string;
  readonly reason: string;
  readonly at: Instant;
}
export type OperationCommand = RequestOperation | CompleteOperation | FailOperation;

/** Told of an act whose program was not heard of any more: that it failed as far as anybody knows. */
export const OPERATION_INTERRUPTED = 'OPERATION_INTERRUPTED';

export type OperationStatus = 'REQUESTED' | 'COMPLETED' | 'FAILED';
export type OperationState =
  | { readonly status: 'NONE' }
  | {
      /** INTERRUPTED is what a failure of that code leaves: whoever did it may have done it after all. */
      readonly status: OperationStatus | 'INTERRUPTED';
      readonly operationId: Uuid;
      readonly kind: OperationKind;
      readonly subject: string;
      readonly reason: string;
    };

/**
 * One act of an operator. What it came to is told once, but for one that was held to be interrupted and shows to be done; a failed
 * one is asked for anew, under another id.
 */
export const operationDecider: Decider<OperationCommand, OperationState, OperationEvent> = {
  initialState: { status: 'NONE' },
  decide(command, state) {
    if (command.type === 'RequestOperation') return request(command, state);
    if (state.status === 'NONE') {
      throw refusal('UNKNOWN_OPERATION', 'No such operation was requested', 'operationId');
    }
    const { operationId, status } = state;
    const { type, ...told } = command;
    const isDoneAfterAll = status === 'INTERRUPTED' && type === 'CompleteOperation';
    if (status !== 'REQUESTED' && !isDoneAfterAll) return [];
    return type === 'CompleteOperation'
      ? [event('OperationCompleted', { operationId, ...told })]
      : [event('OperationFailed', { operationId, ...told })];
  },
  evolve(state, { type, data }) {
    if (type === 'OperationRequested') {
      const { operationId, kind, reason, subject } = data;
      return { status: 'REQUESTED', operationId, kind, subject, reason };
    }
    if (state.status === 'NONE') return state;
    if (type === 'OperationCompleted') return { ...state, status: 'COMPLETED' };
    return { ...state, status: data.code === OPERATION_INTERRUPTED ? 'INTERRUPTED' : 'FAILED' };
  },
};

/** @throws DomainError INVALID_REASON, IDEMPOTENCY_KEY_REUSED */
function request(command: RequestOperation, state: OperationState): readonly OperationEvent[] {
  const { type: _type, ...data } = command;
  const reason = parseReason(command.reason);
  if (state.status === 'NONE') return [event('OperationRequested', { ...data, reason })];
  const { kind, subject } = command;
  if (kind !== state.kind || subject !== state.subject || reason !== state.reason) {
    throw reused('This key was used for another act');
  }
  // Done under it, it would be told as failed for good.
  if (state.status === 'FAILED' || state.status === 'INTERRUPTED')
    throw reused('What was asked for with this key failed: give another one');
  return [];
}

const reused = (message: string) => refusal('IDEMPOTENCY_KEY_REUSED', message, 'idempotencyKey');

const event = (type: OperationEvent['type'], data: object): OperationEvent =>
  ({ type, version: OPERATION_VERSIONS[type], data }) as OperationEvent;
