import { sql } from 'kysely';
import { type HistorySpan, momentsOf } from '../candles/moments.js';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import type { Sql, Tables } from '../read-model/tables.js';
import { poolReserves } from './tables.js';

/** What a pool held at a moment: after all blocks up to it, by their time. Base units. */
export interface PoolMoment {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly reserveA: string;
  readonly reserveB: string;
  readonly totalLiquidity: string;
}

/** Oldest first, evenly spaced, also where nothing happened; none from before the pool's first reserves. */
export async function poolHistory(
  db: ReadModel,
  input: HistorySpan & { chainId: number; poolId: string; at?: At | null | undefined },
): Promise<readonly PoolMoment[]> {
  const rows = await readAt<ReservesAtMoment>(
    db,
    { pools: [poolReserves] },
    input.at,
    (tables) => sql`
      SELECT m.moment, r.reserve_a, r.reserve_b, r.total_liquidity
      FROM unnest(${momentsOf(input)}::bigint[]) AS m(moment)
      JOIN ${reservesAtMoment(tables, input)} ON true ORDER BY m.moment`,
  );
  return rows.map((row) => ({
    time: Number(row.moment),
    reserveA: row.reserve_a,
    reserveB: row.reserve_b,
    totalLiquidity: row.total_liquidity,
  }));
}

export interface ReservesAtMoment {
  moment: string;
  reserve_a: string;
  reserve_b: string;
  total_liquidity: string;
}

/** The reserves `r` of a pool as they were at a moment `m.moment`; no row before the first. */
export function reservesAtMoment(
  tables: Tables,
  { chainId, poolId }: { readonly chainId: number; readonly poolId: string },
): Sql {
  const lastingOrder = (row: Sql): Sql =>
    sql`${row}.block_time DESC, ${row}.block_number DESC, ${row}.log_index DESC`;
  return tables.page(poolReserves, 'r', {
    where: sql`true`,
    scope: (row) => sql`
      ${row}.chain_id = ${chainId}::bigint AND ${row}.pool_id = ${poolId} AND ${row}.block_time <= m.moment`,
    order: lastingOrder(sql`r`),
    lastingOrder,
    limit: 1,
  });
}
