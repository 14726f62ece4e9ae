import { refusal, type KnownPool, type PoolFees } from '@abland/domain';
import { feesInForceNow, poolById, tokenByAddress, type ReadModel } from '@abland/projections';
import { ApiError } from '../errors/api-error.js';

export async function knownPool(readModel: ReadModel, poolId: string): Promise<KnownPool | null> {
  const pool = await poolById(readModel, poolId);
  if (pool === null) return null;
  return {
    tokenA: pool.tokenA,
    tokenB: pool.tokenB,
    reserveA: BigInt(pool.reserveA),
    reserveB: BigInt(pool.reserveB),
    totalLiquidity: BigInt(pool.totalLiquidity),
  };
}

/** @throws ApiError SERVICE_UNAVAILABLE before the chain told its fees */
export async function knownFees(readModel: ReadModel): Promise<PoolFees> {
  const fees = await feesInForceNow(readModel);
  if (fees === null) throw new ApiError('SERVICE_UNAVAILABLE', 'The fees of the chain are not known yet');
  return fees;
}

/** @throws DomainError UNKNOWN_TOKEN */
export async function assertTokenKnown(readModel: ReadModel, address: string, field: string): Promise<void> {
  if ((await tokenByAddress(readModel, address)) === null) {
    throw refusal('UNKNOWN_TOKEN', 'There is no such token', field);
  }
}
