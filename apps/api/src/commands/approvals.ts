import { encodeApproval } from '@abland/chain';
import { allowanceOf, type ReadModel } from '@abland/projections';
import type { ServedChain } from '../chains/served-chain.js';
import type { Spending } from './kinds/transaction-plan.js';
import type { ApprovalToSign } from './types/command.types.js';

/**
 * What an owner has yet to allow: nothing where the allowance covers what is spent, so that no larger one is made less. Where
 * the allowance is not known, as of a token that the factory did not make, the approval is among them.
 */
export async function missingApprovals(
  readModel: ReadModel,
  { chainId, liquidityManager: spender }: ServedChain,
  owner: string,
  spends: readonly Spending[],
): Promise<ApprovalToSign[]> {
  const approvals = await Promise.all(
    spends.map(async ({ token, amount }) => {
      const allowance = await allowanceOf(readModel, { chainId, token, owner, spender });
      if (allowance !== null && allowance >= amount) return [];
      const known = allowance === null ? null : allowance.toString();
      const call = encodeApproval(token, spender, amount);
      return [{ ...call, chainId, amount: amount.toString(), allowance: known }];
    }),
  );
  return approvals.flat();
}
