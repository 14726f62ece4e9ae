import { encodeDeactivateToken } from '@abland/chain';
import { parseAddress } from '@abland/domain';
import { getAddress } from 'ethers';
import { deactivates } from '../open/committed.js';
import type { DeactivateTokenInput } from '../types/command.inputs.js';
import type { EdgeKind } from './kind.js';

type Wanted = { readonly tokenAddress: string };

export const deactivateToken = (): EdgeKind<'DEACTIVATE_TOKEN', DeactivateTokenInput, Wanted> => ({
  name: 'DEACTIVATE_TOKEN',
  mutation: 'deactivateToken',
  parse: (input) => ({ tokenAddress: parseAddress(input.tokenAddress, 'tokenAddress', getAddress) }),
  async ask({ tokenAddress }, { reads }) {
    const [token, requests] = await Promise.all([reads.token(tokenAddress), reads.openRequests()]);
    const known =
      token === null
        ? null
        : {
            creator: token.creator,
            active: token.status !== 'DEACTIVATED',
            pending: deactivates(requests, tokenAddress),
          };
    return { tokenAddress, known };
  },
  plan: ({ commandId, terms }, { tokenFactory }) => ({
    call: encodeDeactivateToken(tokenFactory, terms.tokenAddress, commandId),
    gasMax: 200_000n,
  }),
});
