import { refusal } from '../vocabulary/errors.js';
import { sameAddress } from '../input/address.js';
import { millisecondsOf } from '../input/deadline.js';
import type {
  ConfirmRequest,
  ExpireRequest,
  FailRequest,
  FinalizeRequest,
  ProgressCommand,
  RetractRequest,
  RevertRequest,
  SubmitRequest,
} from './commands.js';
import type { RelayProgress, RequestProgress } from './events.js';
import { assertTextFits, mismatch } from './fitting.js';
import type { AnyRequestKind } from './kind.js';
import { decideRelay } from './relay.js';
import { type AcceptedRequest, isOpen, minedIn, transactionOf } from './state.js';
import { requestEvent } from './request-event.js';

type Progress = readonly (RequestProgress | RelayProgress)[];

/**
 * The one way of every request: the kinds differ only in which fact answers. What the chain says stands, whatever was
 * believed before.
 */
export function decideProgress(
  command: ProgressCommand,
  state: AcceptedRequest,
  kind: AnyRequestKind,
): Progress {
  switch (command.type) {
    case 'SubmitRequest':
      return submit(command, state);
    case 'ConfirmRequest':
      return confirm(command, state, kind);
    case 'FinalizeRequest':
      return finalize(command, state);
    case 'FailRequest':
      return fail(command, state);
    case 'ExpireRequest':
      return expire(command, state);
    case 'RevertRequest':
      return revert(command, state);
    case 'RetractRequest':
      return retract(command, state);
    default:
      return decideRelay(command, state);
  }
}

/**
 * Only the requester tells the transaction of a WALLET request, only our sender (`by` null) that of a RELAYED one.
 * @throws DomainError NOT_THE_CALLER, WRONG_EXECUTION, COMMAND_CLOSED
 */
function submit({ txHash, by }: SubmitRequest, state: AcceptedRequest): Progress {
  const { requester, execution } = state.request;
  if (by !== null && !sameAddress(by, requester)) {
    throw refusal('NOT_THE_CALLER', 'The command was given by another address', 'commandId');
  }
  if (by !== null && execution !== 'WALLET') {
    throw refusal('WRONG_EXECUTION', 'The transaction of a relayed command is ours to send', 'commandId');
  }
  if (transactionOf(state) === txHash) return [];
  switch (state.status) {
    case 'ACCEPTED':
    case 'SUBMITTED':
      return [requestEvent(state, 'RequestSubmitted', { txHash })];
    case 'CONFIRMED':
    case 'FINALIZED':
      return [];
    case 'FAILED':
    case 'EXPIRED':
    case 'REVERTED':
      throw refusal('COMMAND_CLOSED', 'The request is closed', 'commandId', { status: state.status });
  }
}

/** @throws DomainError CONFIRMATION_MISMATCH, OUTCOME_FINAL */
function confirm(command: ConfirmRequest, state: AcceptedRequest, kind: AnyRequestKind): Progress {
  const { mined, fact, before } = command;
  assertChainFits(state, command.chainId);
  const outcome = kind.outcome(state.request as never, fact, before);
  if (outcome === null) return [];
  if (state.status === 'CONFIRMED' || state.status === 'FINALIZED') {
    // Carried out before: by the same transaction, which may have been mined again in another block.
    assertTextFits('txHash', state.mined.txHash, mined.txHash);
    if (state.mined.blockHash === mined.blockHash) return [];
    if (state.status === 'FINALIZED') throw outcomeFinal();
  }
  return [requestEvent(state, 'RequestConfirmed', { ...minedIn(mined), outcome })];
}

function finalize({ finalizedTo }: FinalizeRequest, state: AcceptedRequest): Progress {
  if (state.status !== 'CONFIRMED' || state.mined.blockNumber > finalizedTo) return [];
  return [requestEvent(state, 'RequestFinalized', { blockNumber: state.mined.blockNumber })];
}

function fail({ code, reason }: FailRequest, state: AcceptedRequest): Progress {
  return isOpen(state) ? [requestEvent(state, 'RequestFailed', { code, reason })] : [];
}

/** @throws DomainError COMMAND_NOT_EXPIRED: a block of the deadline's second is still in time. */
function expire({ at, clock }: ExpireRequest, state: AcceptedRequest): Progress {
  if (!isOpen(state) || (clock === 'OURS' && transactionOf(state) !== null)) return [];
  const { deadline } = state.request;
  if (millisecondsOf(at) <= millisecondsOf(deadline)) {
    throw refusal('COMMAND_NOT_EXPIRED', 'The deadline has not passed', 'at', { deadline, at });
  }
  return [requestEvent(state, 'RequestExpired', { at })];
}

/**
 * A transaction that failed after one that did what was asked changes nothing. Anyone can send one that carries another's
 * command id and fails: it counts only where the requester's wallet sent it, or, for a relayed request, where it is the one
 * that our sender told.
 * @throws DomainError CONFIRMATION_MISMATCH
 */
function revert(command: RevertRequest, state: AcceptedRequest): Progress {
  const { mined, sender, reason } = command;
  const { requester, execution } = state.request;
  assertChainFits(state, command.chainId);
  if (execution === 'WALLET' && !sameAddress(sender, requester)) throw mismatch('sender', requester, sender);
  if (execution === 'RELAYED' && mined.txHash !== transactionOf(state)) {
    throw mismatch('txHash', transactionOf(state), mined.txHash);
  }
  if (state.status === 'CONFIRMED' || state.status === 'FINALIZED') return [];
  if (state.status === 'REVERTED' && state.mined.blockHash === mined.blockHash) return [];
  return [requestEvent(state, 'RequestReverted', { ...minedIn(mined), reason })];
}

/** @throws DomainError OUTCOME_FINAL */
function retract({ blockHashes }: RetractRequest, state: AcceptedRequest): Progress {
  if (state.status !== 'CONFIRMED' && state.status !== 'FINALIZED' && state.status !== 'REVERTED') return [];
  const { txHash, blockHash } = state.mined;
  if (!blockHashes.includes(blockHash)) return [];
  if (state.status === 'FINALIZED') throw outcomeFinal();
  return [requestEvent(state, 'RequestRetracted', { txHash, blockHash })];
}

/** A command's tag of one chain says nothing of a transaction on another. */
function assertChainFits({ request }: AcceptedRequest, chainId: number): void {
  if (request.chainId !== chainId) throw mismatch('chainId', String(request.chainId), String(chainId));
}

/** No block that is final is ever taken back: whoever says so reads another chain. */
const outcomeFinal = (): ReturnType<typeof refusal> =>
  refusal('OUTCOME_FINAL', 'The block of this outcome is final', 'blockHash');
