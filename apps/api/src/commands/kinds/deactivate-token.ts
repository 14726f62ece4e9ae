import { encodeDeactivateToken } from '@abland/chain';
import { parseAddress } from '@abland/domain';
import { listRequests, tokenByAddress } from '@abland/projections';
import { getAddress } from 'ethers';
import type { DeactivateTokenInput } from '../types/command.inputs.js';
import type { EdgeKind, KindPorts } from './kind.js';

type Wanted = { readonly tokenAddress: string };

export const deactivateToken = ({
  readModel,
}: KindPorts): EdgeKind<'DEACTIVATE_TOKEN', DeactivateTokenInput, Wanted> => ({
  name: 'DEACTIVATE_TOKEN',
  mutation: 'deactivateToken',
  parse: (input) => ({ tokenAddress: parseAddress(input.tokenAddress, 'tokenAddress', getAddress) }),
  async ask({ tokenAddress }, { chain: { chainId } }) {
    const [token, pending] = await Promise.all([
      tokenByAddress(readModel, { chainId, address: tokenAddress }),
      listRequests(readModel, {
        filter: {
          ...{ chainId, kinds: ['DEACTIVATE_TOKEN'], token: tokenAddress },
          statuses: ['ACCEPTED', 'SUBMITTED'],
        },
        page: { first: 1 },
      }),
    ]);
    const known =
      token === null
        ? null
        : {
            creator: token.creator,
            active: token.status !== 'DEACTIVATED',
            pending: pending.edges.length > 0,
          };
    return { tokenAddress, known };
  },
  plan: ({ commandId, terms }, { tokenFactory }) => ({
    spends: [],
    call: encodeDeactivateToken(tokenFactory, terms.tokenAddress, commandId),
    gasMax: 200_000n,
  }),
});
