import { encodeApproval } from '@abland/chain';
import { allowanceOf, type ReadModel } from '@abland/projections';
import type { ServedChain } from '../served-chains/served-chain.js';
import type { OpenRequest } from './open/open-requests.js';
import { type Spending, spentOf } from './open/spending.js';
import type { ApprovalToSign } from './types/command.types.js';

/**
 * What an owner has yet to allow: nothing where the allowance covers what this request and the owner's other open ones spend,
 * so that no approval leaves less than one before it was for. Where the allowance is not known, as of a token that the factory
 * did not make, the approval is among them.
 * @param others the owner's other open requests
 */
export async function missingApprovals(
  readModel: ReadModel,
  { chainId, liquidityManager: spender }: ServedChain,
  owner: string,
  spends: readonly Spending[],
  others: readonly OpenRequest[],
): Promise<ApprovalToSign[]> {
  const approvals = await Promise.all(
    spends.map(async ({ token, amount: own }) => {
      const [allowance, elsewhere] = await Promise.all([
        allowanceOf(readModel, { chainId, token, owner, spender }),
        spentOf(readModel, others, token),
      ]);
      const amount = own + elsewhere;
      if (allowance !== null && allowance >= amount) return [];
      const known = allowance === null ? null : allowance.toString();
      const call = encodeApproval(token, spender, amount);
      return [{ ...call, chainId, amount: amount.toString(), allowance: known }];
    }),
  );
  return approvals.flat();
}
