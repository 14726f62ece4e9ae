import type { LiquidityRemovalTerms, PoolCreationTerms, TokenDeactivationTerms } from '@abland/domain';
import type { OpenRequest } from './open-requests.js';

/** The liquidity of a pool that requests take out. */
export const removedBy = (requests: readonly OpenRequest[], poolId: string): bigint =>
  requests
    .filter(({ kind }) => kind === 'REMOVE_LIQUIDITY')
    .map(({ request }) => request.terms as LiquidityRemovalTerms)
    .filter((terms) => terms.poolId === poolId)
    .reduce((sum, { liquidity }) => sum + BigInt(liquidity), 0n);

/** Whether one of the requests creates a pool. */
export const creates = (requests: readonly OpenRequest[], poolId: string): boolean =>
  requests.some(
    ({ kind, request }) => kind === 'CREATE_POOL' && (request.terms as PoolCreationTerms).poolId === poolId,
  );

/** Whether one of the requests deactivates a token. */
export const deactivates = (requests: readonly OpenRequest[], token: string): boolean =>
  requests.some(
    ({ kind, request }) =>
      kind === 'DEACTIVATE_TOKEN' && (request.terms as TokenDeactivationTerms).tokenAddress === token,
  );

/** What is on its way to the chain already. */
export const underway = (requests: readonly OpenRequest[]): readonly OpenRequest[] =>
  requests.filter((one) => one.underway);
