import { yearlyYield } from '@abland/domain';
import { type RawBuilder, sql } from 'kysely';
import { WINDOW_SECONDS } from '../markets/volume-window.js';
import { pools } from '../pools/tables.js';
import { liquidityChanges } from '../positions/tables.js';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import type { Tables } from '../read-model/tables.js';
import { swaps } from '../swaps/tables.js';

export interface PoolAnalytics {
  readonly poolId: string;
  /** Base units of each side that changed hands in the window. */
  readonly volume24hA: string;
  readonly volume24hB: string;
  /** The whole swap fee taken in the window, base units of each side. */
  readonly fees24hA: string;
  readonly fees24hB: string;
  /**
   * Percent a year for those who provide liquidity: the window's fees without the protocol's part, both sides valued by the
   * reserves, over the pool's worth, times 365, not compounded. Null for an empty pool. Decimal text.
   */
  readonly apy: string | null;
  /** Swaps, deposits and withdrawals in the window. */
  readonly transactions24h: number;
}

interface PoolRow {
  pool_id: string;
  reserve_a: string;
  reserve_b: string;
  volume_a: string;
  volume_b: string;
  fees_a: string;
  fees_b: string;
  kept_a: string;
  kept_b: string;
  swaps: string;
  changes: string;
}

const READS = { pools: [pools], positions: [liquidityChanges], swaps: [swaps] };

/** @param input.now seconds since the epoch; the window is the 24 hours up to and including it, by block time */
export async function poolAnalytics(
  db: ReadModel,
  input: { chainId: number; poolIds: readonly string[]; now: number; at?: At | null | undefined },
): Promise<ReadonlyMap<string, PoolAnalytics>> {
  const from = input.now - WINDOW_SECONDS;
  const key = { chain_id: sql`${input.chainId}::bigint`, pool_id: sql`asked.pool_id` };
  const inWindow = (row: RawBuilder<unknown>) => sql`
    ${row}.chain_id = p.chain_id AND ${row}.pool_id = p.pool_id
    AND ${row}.block_time > ${from}::bigint AND ${row}.block_time <= ${input.now}::bigint`;
  const select = (tables: Tables) => sql`
    SELECT p.pool_id, p.reserve_a, p.reserve_b, v.*,
      (SELECT count(*) FROM ${tables.rows(liquidityChanges, 'l', sql`l.amount_a + l.amount_b > 0`, inWindow)}) AS changes
    FROM (SELECT DISTINCT pool_id FROM unnest(${input.poolIds}::text[]) AS u(pool_id)) asked
    JOIN ${tables.row(pools, 'p', key)} ON true
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(amount_a), 0) AS volume_a, coalesce(sum(amount_b), 0) AS volume_b,
        coalesce(sum(fee) FILTER (WHERE sells_a), 0) AS fees_a,
        coalesce(sum(fee) FILTER (WHERE NOT sells_a), 0) AS fees_b,
        coalesce(sum(fee - protocol_fee) FILTER (WHERE sells_a), 0) AS kept_a,
        coalesce(sum(fee - protocol_fee) FILTER (WHERE NOT sells_a), 0) AS kept_b,
        count(*) AS swaps
      FROM ${tables.rows(swaps, 'w', sql`true`, inWindow)}
    ) v`;
  const rows = await readAt<PoolRow>(db, READS, input.at, select);
  return new Map(rows.map((row) => [row.pool_id, analyticsOf(row)]));
}

function analyticsOf(row: PoolRow): PoolAnalytics {
  const kept = { amountA: BigInt(row.kept_a), amountB: BigInt(row.kept_b) };
  const reserves = { amountA: BigInt(row.reserve_a), amountB: BigInt(row.reserve_b) };
  return {
    poolId: row.pool_id,
    volume24hA: row.volume_a,
    volume24hB: row.volume_b,
    fees24hA: row.fees_a,
    fees24hB: row.fees_b,
    apy: yearlyYield(kept, reserves),
    transactions24h: Number(row.swaps) + Number(row.changes),
  };
}
