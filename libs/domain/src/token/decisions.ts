import type { Decider } from '@abland/kernel';
import { EVENT_VERSIONS } from '../catalogue.js';
import type { RetractToken, TokenCommand } from './commands.js';
import { assertRequested, decideCreation } from './creation.js';
import { decideDeactivation } from './deactivation.js';
import type { TokenEvent } from './events.js';
import { evolveToken, initialToken, type TokenState } from './state.js';

/** A token from its request to the chain, and its deactivation. */
export const tokenDecider: Decider<TokenCommand, TokenState, TokenEvent> = {
  initialState: initialToken,
  decide,
  evolve: evolveToken,
};

function decide(command: TokenCommand, state: TokenState): readonly TokenEvent[] {
  switch (command.type) {
    case 'RequestTokenCreation':
    case 'SubmitTokenCreation':
    case 'ConfirmTokenCreation':
    case 'RevertTokenCreation':
    case 'FailTokenCreation':
    case 'ExpireTokenCreation':
      return decideCreation(command, state);
    case 'RequestTokenDeactivation':
    case 'SubmitTokenDeactivation':
    case 'ConfirmTokenDeactivation':
    case 'RevertTokenDeactivation':
    case 'FailTokenDeactivation':
    case 'ExpireTokenDeactivation':
      return decideDeactivation(command, state);
    case 'RetractToken':
      return retract(command, state);
    default:
      return command satisfies never;
  }
}

/** The deactivation first: it can only have come later. */
function retract({ blockHashes }: RetractToken, state: TokenState): readonly TokenEvent[] {
  const token = assertRequested(state);
  const { tokenId } = token.request;
  const { deactivation } = token;
  const events: TokenEvent[] = [];
  const ended =
    deactivation.status === 'CONFIRMED'
      ? deactivation.mined
      : deactivation.status === 'FAILED'
        ? deactivation.reverted
        : null;
  if (ended !== null && blockHashes.includes(ended.blockHash)) {
    events.push({
      type: 'TokenDeactivationRetracted',
      version: EVENT_VERSIONS.TokenDeactivationRetracted,
      data: { tokenId, txHash: ended.txHash, blockHash: ended.blockHash },
    });
  }
  const created =
    token.status === 'DEPLOYED' ? token.mined : token.status === 'FAILED' ? token.reverted : null;
  if (created !== null && blockHashes.includes(created.blockHash)) {
    events.push({
      type: 'TokenDeploymentRetracted',
      version: EVENT_VERSIONS.TokenDeploymentRetracted,
      data: { tokenId, txHash: created.txHash, blockHash: created.blockHash },
    });
  }
  return events;
}
