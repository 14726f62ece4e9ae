import { encodeDeactivateToken } from '@abland/chain';
import { parseAddress } from '@abland/domain';
import { tokenByAddress } from '@abland/projections';
import { getAddress } from 'ethers';
import { deactivates } from '../open/committed.js';
import type { DeactivateTokenInput } from '../types/command.inputs.js';
import type { EdgeKind, KindPorts } from './kind.js';

type Wanted = { readonly tokenAddress: string };

export const deactivateToken = ({
  readModel,
  open,
}: KindPorts): EdgeKind<'DEACTIVATE_TOKEN', DeactivateTokenInput, Wanted> => ({
  name: 'DEACTIVATE_TOKEN',
  mutation: 'deactivateToken',
  parse: (input) => ({ tokenAddress: parseAddress(input.tokenAddress, 'tokenAddress', getAddress) }),
  async ask({ tokenAddress }, { chain: { chainId }, caller }) {
    const [token, requests] = await Promise.all([
      tokenByAddress(readModel, { chainId, address: tokenAddress }),
      open.of(chainId, caller),
    ]);
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
