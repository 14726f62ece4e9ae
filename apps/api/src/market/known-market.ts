import type { KnownPool, PoolFees } from '@abland/domain';
import { type At, contractSettingsOf, poolById, type PoolView, type ReadModel } from '@abland/projections';
import type { ServedChain } from '../served-chains/served-chain.js';
import { ApiError } from '../errors/api-error.js';

/** Null for a pool that nobody has heard of. */
export async function knownPool(
  readModel: ReadModel,
  chainId: number,
  id: string,
): Promise<KnownPool | null> {
  const pool = await poolById(readModel, { chainId, id });
  return pool === null ? null : reservesOf(pool);
}

/** A pool of the read models as the rules reckon with it. */
export const reservesOf = (pool: PoolView): KnownPool => ({
  tokenA: pool.tokenA,
  tokenB: pool.tokenB,
  reserveA: BigInt(pool.reserveA),
  reserveB: BigInt(pool.reserveB),
  totalLiquidity: BigInt(pool.totalLiquidity),
});

/**
 * What the contract that holds all pools is set to.
 * @throws ApiError SERVICE_UNAVAILABLE before it told its fees
 */
export async function knownTrading(
  readModel: ReadModel,
  { chainId, liquidityManager: contract }: ServedChain,
  at: At | null = null,
): Promise<{ readonly paused: boolean; readonly fees: PoolFees }> {
  const settings = await contractSettingsOf(readModel, { chainId, contract, at });
  const { paused = false, swapFee = null, protocolFee = null } = settings ?? {};
  if (swapFee !== null && protocolFee !== null) return { paused, fees: { swapFee, protocolFee } };
  throw new ApiError('SERVICE_UNAVAILABLE', 'The fees of the chain are not known yet');
}

/** Wei that a token's creation costs. @throws ApiError SERVICE_UNAVAILABLE before the chain told it */
export async function knownCreationFee(
  readModel: ReadModel,
  { chainId, tokenFactory: contract }: ServedChain,
): Promise<bigint> {
  const fee = (await contractSettingsOf(readModel, { chainId, contract }))?.creationFee ?? null;
  if (fee === null) throw new ApiError('SERVICE_UNAVAILABLE', 'The fees of the chain are not known yet');
  return fee;
}
