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
  assertTextFits,
  envelopeOf,
  isRecorded,
  type Pending,
} from '../execution.js';
import { assertDeadlineAhead } from '../input/deadline.js';
import {
  baseUnits,
  parseDecimals,
  parseDescription,
  parseMetadataURI,
  parseSupply,
  parseTokenName,
  parseTokenSymbol,
} from '../input/token.js';
import { EVENT_VERSIONS } from '../catalogue.js';
import type {
  ConfirmTokenCreation,
  CreationCommand,
  RequestTokenCreation,
  RevertTokenCreation,
  SubmitTokenCreation,
} from './commands.js';
import type { TokenCreationFailed, TokenEvent } from './events.js';
import { creationTransaction, type RequestedToken, type TokenState } from './state.js';

export function decideCreation(command: CreationCommand, state: TokenState): readonly TokenEvent[] {
  if (command.type === 'RequestTokenCreation') return request(command, state);
  const token = assertRequested(state);
  switch (command.type) {
    case 'SubmitTokenCreation':
      return submit(command, token);
    case 'ConfirmTokenCreation':
      return confirm(command, token);
    case 'RevertTokenCreation':
      return revert(command, token);
    case 'FailTokenCreation':
      return isOpen(token) ? [failed(token, command.code, command.reason)] : [];
    case 'ExpireTokenCreation':
      if (!isOpen(token)) return [];
      assertExpired(token.request.deadline, command.at);
      return [failed(token, COMMAND_EXPIRED, REASON_EXPIRED)];
    default:
      return command satisfies never;
  }
}

/**
 * @throws DomainError TOKEN_NOT_REQUESTED
 */
export function assertRequested(state: TokenState): RequestedToken {
  if (state.status === 'NONE') {
    throw refusal('TOKEN_NOT_REQUESTED', 'No such token was requested', 'tokenId');
  }
  return state;
}

function request(command: RequestTokenCreation, state: TokenState): readonly TokenEvent[] {
  if (state.status !== 'NONE') {
    assertSameInput(state.request.inputHash, command.inputHash);
    return [];
  }
  const decimals = parseDecimals(command.decimals);
  const supply = parseSupply(command.supply.toString());
  assertDeadlineAhead(command.deadline, command.requestedAt);
  return [
    {
      type: 'TokenCreationRequested',
      version: EVENT_VERSIONS.TokenCreationRequested,
      data: {
        tokenId: command.tokenId,
        creator: command.creator,
        name: parseTokenName(command.name),
        symbol: parseTokenSymbol(command.symbol),
        decimals,
        supply: supply.toString(),
        totalSupply: baseUnits(supply, decimals).toString(),
        description: parseDescription(command.description),
        metadataURI: parseMetadataURI(command.metadataURI),
        ...envelopeOf(command),
      },
    },
  ];
}

function submit(command: SubmitTokenCreation, token: RequestedToken): readonly TokenEvent[] {
  assertMaySubmit(pendingCreation(token), command.by);
  if (creationTransaction(token) === command.txHash || token.status === 'DEPLOYED') return [];
  if (token.status === 'FAILED') {
    throw refusal('COMMAND_CLOSED', 'The creation has failed', 'commandId', { code: token.code });
  }
  return [
    {
      type: 'TokenCreationSubmitted',
      version: EVENT_VERSIONS.TokenCreationSubmitted,
      data: { tokenId: token.request.tokenId, txHash: command.txHash },
    },
  ];
}

/** Whatever was believed before: the token is there. */
function confirm(command: ConfirmTokenCreation, token: RequestedToken): readonly TokenEvent[] {
  const { request } = token;
  assertAddressFits('creator', request.creator, command.creator);
  assertTextFits('name', request.name, command.name);
  assertTextFits('symbol', request.symbol, command.symbol);
  assertTextFits('totalSupply', request.totalSupply, command.totalSupply.toString());
  if (token.status === 'DEPLOYED' && isRecorded(token.mined, command)) return [];
  return [
    {
      type: 'TokenDeployed',
      version: EVENT_VERSIONS.TokenDeployed,
      data: {
        tokenId: request.tokenId,
        tokenAddress: command.tokenAddress,
        txHash: command.txHash,
        blockNumber: command.blockNumber,
        blockHash: command.blockHash,
      },
    },
  ];
}

function revert(command: RevertTokenCreation, token: RequestedToken): readonly TokenEvent[] {
  assertOwnTransaction(pendingCreation(token), command);
  if (token.status === 'DEPLOYED') return [];
  if (token.status === 'FAILED' && token.reverted?.blockHash === command.blockHash) return [];
  return [failed(token, COMMAND_REVERTED, command.reason ?? REASON_UNKNOWN, command)];
}

const isOpen = (token: RequestedToken): boolean =>
  token.status === 'REQUESTED' || token.status === 'SUBMITTED';

const pendingCreation = (token: RequestedToken): Pending => ({
  owner: token.request.creator,
  execution: token.request.execution,
  deadline: token.request.deadline,
  txHash: creationTransaction(token),
});

function failed(
  token: RequestedToken,
  code: string,
  reason: string,
  reverted: RevertTokenCreation | null = null,
): TokenCreationFailed {
  return {
    type: 'TokenCreationFailed',
    version: EVENT_VERSIONS.TokenCreationFailed,
    data: {
      tokenId: token.request.tokenId,
      code,
      reason,
      txHash: reverted?.txHash ?? null,
      blockHash: reverted?.blockHash ?? null,
    },
  };
}
