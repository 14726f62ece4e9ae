import { partOf } from '@abland/domain';
import { sql } from 'kysely';
import { type HistorySpan, momentsOf } from '../candles/moments.js';
import { type ReservesAtMoment, reservesAtMoment } from '../pools/history-query.js';
import { poolReserves } from '../pools/tables.js';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import { liquidityChanges } from './tables.js';

/** What a person's share of a pool was at a moment: after all blocks up to it, by their time. Base units. */
export interface PositionMoment {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly liquidity: string;
  /** What removing all of it would have paid, cut. */
  readonly worthA: string;
  readonly worthB: string;
}

const READS = { pools: [poolReserves], positions: [liquidityChanges] };

/** Oldest first, evenly spaced, also where nothing happened; none from before the first deposit. */
export async function positionHistory(
  db: ReadModel,
  input: HistorySpan & { chainId: number; poolId: string; owner: string; at?: At | null | undefined },
): Promise<readonly PositionMoment[]> {
  const moments = momentsOf(input);
  const last = moments.at(-1);
  if (last === undefined) return [];
  const rows = await readAt<ReservesAtMoment & { liquidity: string | null }>(
    db,
    READS,
    input.at,
    (tables) => {
      const changes = tables.rows(
        liquidityChanges,
        'c',
        sql`true`,
        (row) => sql`${row}.chain_id = ${input.chainId}::bigint AND ${row}.user_address = ${input.owner}
        AND ${row}.pool_id = ${input.poolId} AND ${row}.block_time <= ${last}::bigint`,
      );
      // Each change counts from the first moment on that comes after it.
      return sql`
      WITH moments AS (SELECT moment FROM unnest(${moments}::bigint[]) AS u(moment)),
      changes AS (
        SELECT (SELECT min(moment) FROM moments WHERE moment >= c.block_time) AS moment,
          sum(CASE c.kind WHEN 'ADD' THEN c.liquidity ELSE -c.liquidity END) AS change
        FROM ${changes} GROUP BY 1)
      SELECT m.moment, m.liquidity, r.reserve_a, r.reserve_b, r.total_liquidity
      FROM (
        SELECT moment, sum(change) OVER (ORDER BY moment) AS liquidity FROM moments LEFT JOIN changes USING (moment)
      ) m
      JOIN ${reservesAtMoment(tables, input)} ON true
      WHERE m.liquidity IS NOT NULL ORDER BY m.moment`;
    },
  );
  return rows.map((row) => {
    const pool = {
      reserveA: BigInt(row.reserve_a),
      reserveB: BigInt(row.reserve_b),
      totalLiquidity: BigInt(row.total_liquidity),
    };
    const worth = partOf(pool, BigInt(row.liquidity ?? '0'));
    return {
      time: Number(row.moment),
      liquidity: row.liquidity ?? '0',
      worthA: worth.amountA.toString(),
      worthB: worth.amountB.toString(),
    };
  });
}
