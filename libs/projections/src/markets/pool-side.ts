import type { Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { marketPools, type PoolKind } from './tables.js';

export type PoolRow = RowOf<typeof marketPools>;

/** A pool as one of its tokens sees it. Base units. */
export interface PoolSide {
  readonly poolId: string;
  readonly other: string;
  readonly isA: boolean;
  readonly own: bigint;
  readonly otherReserve: bigint;
  readonly kind: PoolKind | null;
  readonly rank: number | null;
}

export function sideOf(pool: PoolRow, token: string): PoolSide {
  const isA = pool.token_a === token;
  return {
    poolId: pool.pool_id,
    other: isA ? pool.token_b : pool.token_a,
    isA,
    own: isA ? pool.reserve_a : pool.reserve_b,
    otherReserve: isA ? pool.reserve_b : pool.reserve_a,
    kind: (isA ? pool.kind_a : pool.kind_b) as PoolKind | null,
    rank: isA ? pool.rank_a : pool.rank_b,
  };
}

/** Whether a pool comes before another of the same token: it holds more of it, or as much and has the smaller id. */
export const isDeeper = (one: PoolSide, other: PoolSide): boolean =>
  one.own === other.own ? one.poolId < other.poolId : one.own > other.own;

/** Notes where a pool stands among those of a token. */
export function rankPool(
  rows: Rows,
  pool: { readonly chainId: number; readonly poolId: string; readonly token: string },
  kind: PoolKind,
  rank: number,
): void {
  const key = { chain_id: pool.chainId, pool_id: pool.poolId };
  const isA = rows.require(marketPools, key).token_a === pool.token;
  rows.patch(marketPools, key, isA ? { kind_a: kind, rank_a: rank } : { kind_b: kind, rank_b: rank });
}
