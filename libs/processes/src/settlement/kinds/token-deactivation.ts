import {
  EVENT_VERSIONS,
  type TokenCommand,
  type TokenEvent,
  type TokenState,
  type TokenDeactivationRequested,
  tokenDecider,
  tokenStream,
} from '@abland/domain';
import { defineKind, minedIn } from './kind.js';

export const tokenDeactivation = defineKind<TokenCommand, TokenState, TokenEvent>({
  decider: tokenDecider,
  stream: tokenStream,
  requestEvent: (terms) => ({
    type: 'TokenDeactivationRequested',
    version: EVENT_VERSIONS.TokenDeactivationRequested,
    data: terms as unknown as TokenDeactivationRequested['data'],
  }),
  commands: {
    confirm(_request, fact) {
      if (fact.type !== 'TokenDeactivated') return null;
      return { type: 'ConfirmTokenDeactivation', ...minedIn(fact), tokenAddress: fact.data.tokenAddress };
    },
    submit: ({ commandId }, txHash) => ({ type: 'SubmitTokenDeactivation', commandId, txHash, by: null }),
    revert: ({ commandId }, reverted) => ({ type: 'RevertTokenDeactivation', commandId, ...reverted }),
    fail: ({ commandId }, code, reason) => ({ type: 'FailTokenDeactivation', commandId, code, reason }),
    expire: ({ commandId }, at) => ({ type: 'ExpireTokenDeactivation', commandId, at }),
    retract: (_request, blockHashes) => ({ type: 'RetractToken', blockHashes }),
    finalize: () => null,
  },
});
