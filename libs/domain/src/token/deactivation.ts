import { EVENT_VERSIONS } from '../catalogue.js';
import { refusal } from '../errors.js';
import {
  COMMAND_EXPIRED,
  COMMAND_REVERTED,
  REASON_EXPIRED,
  REASON_UNKNOWN,
  assertAddressFits,
  assertExpired,
  assertMaySubmit,
  assertOwnTransaction,
  assertSameInput,
  envelopeOf,
  isRecorded,
  type Pending,
} from '../execution.js';
import { sameAddress } from '../input/address.js';
import { assertDeadlineAhead } from '../input/deadline.js';
import type { Uuid } from '../values.js';
import type {
  ConfirmTokenDeactivation,
  DeactivationCommand,
  RequestTokenDeactivation,
  RevertTokenDeactivation,
  SubmitTokenDeactivation,
} from './commands.js';
import { assertRequested } from './creation.js';
import type { TokenDeactivationFailed, TokenEvent } from './events.js';
import {
  deactivationTransaction,
  type Deactivation,
  type DeactivationRequest,
  type RequestedToken,
  type TokenState,
} from './state.js';

export function decideDeactivation(command: DeactivationCommand, state: TokenState): readonly TokenEvent[] {
  const token = assertRequested(state);
  switch (command.type) {
    case 'RequestTokenDeactivation':
      return request(command, token);
    case 'SubmitTokenDeactivation':
      return submit(command, token.deactivation);
    case 'ConfirmTokenDeactivation':
      return confirm(command, token);
    case 'RevertTokenDeactivation':
      return revert(command, token.deactivation);
    case 'FailTokenDeactivation': {
      const current = currentRequest(command.commandId, token.deactivation);
      return isOpen(token.deactivation) ? [failed(current, command.code, command.reason)] : [];
    }
    case 'ExpireTokenDeactivation': {
      const current = currentRequest(command.commandId, token.deactivation);
      if (!isOpen(token.deactivation)) return [];
      assertExpired(current.deadline, command.at);
      return [failed(current, COMMAND_EXPIRED, REASON_EXPIRED)];
    }
    default:
      return command satisfies never;
  }
}

function request(command: RequestTokenDeactivation, token: RequestedToken): readonly TokenEvent[] {
  const known = token.deactivationInputs[command.commandId];
  if (known !== undefined) {
    assertSameInput(known, command.inputHash);
    return [];
  }
  if (command.commandId === token.request.tokenId) {
    throw refusal('IDEMPOTENCY_KEY_REUSED', 'This key was used to create the token', 'idempotencyKey');
  }
  if (!sameAddress(command.requestedBy, token.request.creator)) {
    throw refusal('NOT_THE_CREATOR', 'Only its creator deactivates a token', 'tokenAddress');
  }
  if (token.status !== 'DEPLOYED') {
    throw refusal('TOKEN_NOT_DEPLOYED', 'The token is not on the chain', 'tokenAddress');
  }
  if (token.deactivation.status === 'CONFIRMED') {
    throw refusal('TOKEN_DEACTIVATED', 'The token is deactivated', 'tokenAddress');
  }
  if (isOpen(token.deactivation)) {
    throw refusal('DEACTIVATION_PENDING', 'A deactivation of this token is on its way', 'tokenAddress');
  }
  assertDeadlineAhead(command.deadline, command.requestedAt);
  return [
    {
      type: 'TokenDeactivationRequested',
      version: EVENT_VERSIONS.TokenDeactivationRequested,
      data: {
        tokenId: token.request.tokenId,
        commandId: command.commandId,
        requestedBy: command.requestedBy,
        ...envelopeOf(command),
      },
    },
  ];
}

function submit(command: SubmitTokenDeactivation, deactivation: Deactivation): readonly TokenEvent[] {
  const current = currentRequest(command.commandId, deactivation);
  assertMaySubmit(pendingDeactivation(current, deactivation), command.by);
  if (deactivation.status === 'CONFIRMED' || deactivationTransaction(deactivation) === command.txHash)
    return [];
  if (deactivation.status === 'FAILED') {
    throw refusal('COMMAND_CLOSED', 'The deactivation has failed', 'commandId');
  }
  return [
    {
      type: 'TokenDeactivationSubmitted',
      version: EVENT_VERSIONS.TokenDeactivationSubmitted,
      data: { tokenId: current.tokenId, commandId: current.commandId, txHash: command.txHash },
    },
  ];
}

function confirm(command: ConfirmTokenDeactivation, token: RequestedToken): readonly TokenEvent[] {
  if (token.status !== 'DEPLOYED') {
    throw refusal('TOKEN_NOT_DEPLOYED', 'The token is not on the chain', 'tokenAddress');
  }
  assertAddressFits('tokenAddress', token.tokenAddress, command.tokenAddress);
  if (token.deactivation.status === 'CONFIRMED' && isRecorded(token.deactivation.mined, command)) return [];
  return [
    {
      type: 'TokenDeactivationConfirmed',
      version: EVENT_VERSIONS.TokenDeactivationConfirmed,
      data: {
        tokenId: token.request.tokenId,
        txHash: command.txHash,
        blockNumber: command.blockNumber,
        blockHash: command.blockHash,
      },
    },
  ];
}

function revert(command: RevertTokenDeactivation, deactivation: Deactivation): readonly TokenEvent[] {
  const current = currentRequest(command.commandId, deactivation);
  assertOwnTransaction(pendingDeactivation(current, deactivation), command);
  if (deactivation.status === 'CONFIRMED') return [];
  if (deactivation.status === 'FAILED' && deactivation.reverted?.blockHash === command.blockHash) return [];
  return [failed(current, COMMAND_REVERTED, command.reason ?? REASON_UNKNOWN, command)];
}

/**
 * The request that a later command means; a request before the newest is closed.
 * @throws DomainError DEACTIVATION_NOT_REQUESTED
 */
function currentRequest(commandId: Uuid, deactivation: Deactivation): DeactivationRequest {
  const current = deactivation.status === 'NONE' ? null : deactivation.request;
  if (current?.commandId !== commandId) {
    throw refusal('DEACTIVATION_NOT_REQUESTED', 'No such deactivation is on its way', 'commandId');
  }
  return current;
}

const isOpen = (deactivation: Deactivation): boolean =>
  deactivation.status === 'REQUESTED' || deactivation.status === 'SUBMITTED';

const pendingDeactivation = (request: DeactivationRequest, deactivation: Deactivation): Pending => ({
  owner: request.requestedBy,
  execution: request.execution,
  deadline: request.deadline,
  txHash: deactivationTransaction(deactivation),
});

function failed(
  request: DeactivationRequest,
  code: string,
  reason: string,
  reverted: RevertTokenDeactivation | null = null,
): TokenDeactivationFailed {
  return {
    type: 'TokenDeactivationFailed',
    version: EVENT_VERSIONS.TokenDeactivationFailed,
    data: {
      tokenId: request.tokenId,
      commandId: request.commandId,
      code,
      reason,
      txHash: reverted?.txHash ?? null,
      blockHash: reverted?.blockHash ?? null,
    },
  };
}
