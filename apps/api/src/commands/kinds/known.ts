import { refusal, type KnownPool, type PoolFees } from '@abland/domain';
import { balanceOf, feesInForceNow, poolById, type ReadModel, tokenByAddress } from '@abland/projections';
import { ApiError } from '../../errors/api-error.js';
import type { Asking } from './kind.js';

/** Null for a pool that nobody has heard of. */
export async function knownPool(
  readModel: ReadModel,
  chainId: number,
  id: string,
): Promise<KnownPool | null> {
  const pool = await poolById(readModel, { chainId, id });
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
export async function knownFees(
  readModel: ReadModel,
  chainId: number,
): Promise<PoolFees & { readonly tokenCreationFee: bigint }> {
  const fees = await feesInForceNow(readModel, chainId);
  if (fees === null) throw new ApiError('SERVICE_UNAVAILABLE', 'The fees of the chain are not known yet');
  return fees;
}

/** @throws DomainError UNKNOWN_TOKEN */
export async function assertTokenKnown(
  readModel: ReadModel,
  chainId: number,
  address: string,
  field: string,
): Promise<void> {
  if ((await tokenByAddress(readModel, { chainId, address })) === null) {
    throw refusal('UNKNOWN_TOKEN', 'There is no such token', field);
  }
}

/** Base units of a token that the caller holds. */
export const callersBalance = (
  readModel: ReadModel,
  { chain: { chainId }, caller: holder }: Asking,
  token: string,
): Promise<bigint> => balanceOf(readModel, { chainId, token, holder });
