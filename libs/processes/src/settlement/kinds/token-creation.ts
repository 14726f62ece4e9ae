import {
  EVENT_VERSIONS,
  type TokenCommand,
  type TokenEvent,
  type TokenState,
  type TokenCreationRequested,
  tokenDecider,
  tokenStream,
} from '@abland/domain';
import { defineKind, minedIn } from './kind.js';

export const tokenCreation = defineKind<TokenCommand, TokenState, TokenEvent>({
  decider: tokenDecider,
  stream: tokenStream,
  requestEvent: (terms) => ({
    type: 'TokenCreationRequested',
    version: EVENT_VERSIONS.TokenCreationRequested,
    data: terms as unknown as TokenCreationRequested['data'],
  }),
  commands: {
    confirm(_request, fact) {
      if (fact.type !== 'TokenCreated') return null;
      const { tokenAddress, creator, name, symbol, totalSupply } = fact.data;
      return {
        type: 'ConfirmTokenCreation',
        ...minedIn(fact),
        tokenAddress,
        creator,
        name,
        symbol,
        totalSupply: BigInt(totalSupply),
      };
    },
    submit: (_request, txHash) => ({ type: 'SubmitTokenCreation', txHash, by: null }),
    revert: (_request, reverted) => ({ type: 'RevertTokenCreation', ...reverted }),
    fail: (_request, code, reason) => ({ type: 'FailTokenCreation', code, reason }),
    expire: (_request, at) => ({ type: 'ExpireTokenCreation', at }),
    retract: (_request, blockHashes) => ({ type: 'RetractToken', blockHashes }),
    finalize: () => null,
  },
});
