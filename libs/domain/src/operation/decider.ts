import type { Decider } from '@abland/kernel';
import { parseReason } from '../input/reason.js';
import { refusal } from '../vocabulary/errors.js';
import type { OperationApproval, OperationCommand, RequestOperation } from './commands.js';
import { OPERATION_VERSIONS, type OperationEvent } from './events.js';
import type { OperationState } from './state.js';

/** Told of an act whose program was not heard of any more: that it failed as far as anybody knows. */
export const OPERATION_INTERRUPTED = 'OPERATION_INTERRUPTED';

/**
 * One act of an operator. What it came to is told once, but for one that was held to be interrupted and shows to be done; a failed
 * one is asked for anew, under another id. One that was proposed is not done before another operator approves it.
 */
export const operationDecider: Decider<OperationCommand, OperationState, OperationEvent> = {
  initialState: { status: 'NONE' },
  decide(command, state) {
    switch (command.type) {
      case 'RequestOperation':
      case 'ProposeOperation':
        return ask(command, state);
      case 'ApproveOperation':
      case 'DeclineOperation':
        return decideOn(command, state);
      case 'CompleteOperation':
      case 'FailOperation':
        return end(command, state);
      default:
        return command satisfies never;
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'OperationRequested':
        return { status: 'REQUESTED', ...event.data, build: null, promotesItself: false, decidedBy: null };
      case 'OperationProposed':
        return { status: 'AWAITING_APPROVAL', ...event.data, decidedBy: null };
      default:
        return state.status === 'NONE' ? state : { ...state, ...decided(event) };
    }
  },
};

type Decided = Exclude<OperationEvent, { type: 'OperationRequested' | 'OperationProposed' }>;

function decided(event: Decided): Partial<Exclude<OperationState, { status: 'NONE' }>> {
  switch (event.type) {
    case 'OperationApproved':
      return { status: 'REQUESTED', decidedBy: event.data.approvedBy };
    case 'OperationDeclined':
      return { status: 'DECLINED', decidedBy: event.data.declinedBy };
    case 'OperationCompleted':
      return { status: 'COMPLETED' };
    case 'OperationFailed':
      return { status: event.data.code === OPERATION_INTERRUPTED ? 'INTERRUPTED' : 'FAILED' };
    default:
      return event satisfies never;
  }
}

type Asked = Extract<OperationCommand, { type: 'RequestOperation' | 'ProposeOperation' }>;

/** @throws DomainError INVALID_REASON, IDEMPOTENCY_KEY_REUSED, APPROVAL_NEEDED */
function ask(command: Asked, state: OperationState): readonly OperationEvent[] {
  const { type, ...told } = command;
  const data = { ...told, reason: parseReason(command.reason) };
  if (state.status === 'NONE')
    return [event(type === 'RequestOperation' ? 'OperationRequested' : 'OperationProposed', data)];
  requireSame(data, state);
  if (type === 'RequestOperation' && state.status === 'AWAITING_APPROVAL')
    throw refusal('APPROVAL_NEEDED', 'It waits for the approval of a second operator', 'operationId');
  return [];
}

type KnownState = Exclude<OperationState, { status: 'NONE' }>;

function requireSame(
  { kind, reason, subject }: Pick<RequestOperation, 'kind' | 'reason' | 'subject'>,
  state: KnownState,
): void {
  if (kind !== state.kind || subject !== state.subject || reason !== state.reason)
    throw reused('This key was used for another act');
  // Done under it, it would be told as failed for good.
  if (state.status === 'FAILED' || state.status === 'INTERRUPTED')
    throw reused('What was asked for with this key failed: give another one');
  if (state.status === 'DECLINED')
    throw reused('What was asked for with this key was declined: give another one');
}

const reused = (message: string) => refusal('IDEMPOTENCY_KEY_REUSED', message, 'idempotencyKey');

/** @throws DomainError INVALID_REASON, UNKNOWN_OPERATION, OPERATION_NOT_WAITING, SECOND_OPERATOR_NEEDED */
function decideOn(command: OperationApproval, state: OperationState): readonly OperationEvent[] {
  const { at, by, type } = command;
  const reason = parseReason(command.reason);
  if (state.status === 'NONE') throw unknownOperation();
  const { operationId } = state;
  if (state.status !== 'AWAITING_APPROVAL') {
    if (isSaidBefore(command, state)) return [];
    throw refusal('OPERATION_NOT_WAITING', 'It waits for nobody’s approval', 'operationId', {
      status: state.status,
      decidedBy: state.decidedBy,
    });
  }
  if (type === 'DeclineOperation')
    return [event('OperationDeclined', { operationId, declinedBy: by, reason, at })];
  if (isSame(by, state.requestedBy))
    throw refusal('SECOND_OPERATOR_NEEDED', 'Who asked for it cannot approve it too', 'operationId');
  return [event('OperationApproved', { operationId, approvedBy: by, reason, at })];
}

/** Said again by who said it, it is said once; an approved act that failed is not done anew. */
function isSaidBefore({ by, type }: OperationApproval, { decidedBy, status }: KnownState): boolean {
  if (decidedBy === null || !isSame(by, decidedBy)) return false;
  if (type === 'DeclineOperation') return status === 'DECLINED';
  return status === 'REQUESTED' || status === 'COMPLETED';
}

/** However an address is spelled. */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

type End = Extract<OperationCommand, { type: 'CompleteOperation' | 'FailOperation' }>;

/** Nothing comes of what was not begun: whoever was about to begin it ended before. @throws DomainError UNKNOWN_OPERATION */
function end({ type, ...told }: End, state: OperationState): readonly OperationEvent[] {
  if (state.status === 'NONE') throw unknownOperation();
  const isDoneAfterAll = state.status === 'INTERRUPTED' && type === 'CompleteOperation';
  if (state.status !== 'REQUESTED' && !isDoneAfterAll) return [];
  const data = { operationId: state.operationId, ...told };
  return [event(type === 'CompleteOperation' ? 'OperationCompleted' : 'OperationFailed', data)];
}

const unknownOperation = () => refusal('UNKNOWN_OPERATION', 'No such operation was requested', 'operationId');

const event = (type: OperationEvent['type'], data: object): OperationEvent =>
  ({ type, version: OPERATION_VERSIONS[type], data }) as OperationEvent;
