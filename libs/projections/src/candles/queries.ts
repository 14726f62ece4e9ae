import { type RawBuilder, type Selectable, sql } from 'kysely';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import { candles } from './tables.js';

export const CANDLE_INTERVALS = { '1m': 60, '5m': 300, '1h': 3_600, '1d': 86_400 } as const;
export type CandleInterval = keyof typeof CANDLE_INTERVALS;

/** Base units of token B for `a` base units of token A, exactly. */
export interface Fraction {
  readonly b: string;
  readonly a: string;
}

export interface CandleView {
  readonly chainId: number;
  readonly poolId: string;
  readonly interval: CandleInterval;
  /** First second of the bucket. */
  readonly time: number;
  readonly open: Fraction;
  readonly high: Fraction;
  readonly low: Fraction;
  readonly close: Fraction;
  /** Base units. */
  readonly volumeA: string;
  readonly volumeB: string;
  readonly swaps: number;
  /** The newest block that changed it. */
  readonly blockNumber: number;
}

export const CANDLES_MAX = 1_000;

/** Candles whose bucket begins in [from, to), oldest first; the newest CANDLES_MAX of them. Buckets without swaps are left out. */
export async function listCandles(
  db: ReadModel,
  input: {
    chainId: number;
    poolId: string;
    interval: CandleInterval;
    from: number;
    to: number;
    limit?: number;
    at?: At | null | undefined;
  },
): Promise<readonly CandleView[]> {
  const lastingOrder = (row: RawBuilder<unknown>) => sql`${row}.bucket_time DESC`;
  const listed = {
    where: sql`true`,
    scope: (row: RawBuilder<unknown>) => sql`
      ${row}.chain_id = ${input.chainId}::bigint AND ${row}.pool_id = ${input.poolId}
      AND ${row}.interval_seconds = ${CANDLE_INTERVALS[input.interval]}::int
      AND ${row}.bucket_time >= ${input.from}::bigint AND ${row}.bucket_time < ${input.to}::bigint`,
    order: lastingOrder(sql`c`),
    lastingOrder,
    limit: Math.min(input.limit ?? CANDLES_MAX, CANDLES_MAX),
  };
  const rows = await readAt<Selectable<ReadModelDatabase['candles']>>(
    db,
    { candles: [candles] },
    input.at,
    (tables) => sql`SELECT c.* FROM ${tables.page(candles, 'c', listed)} ORDER BY c.bucket_time`,
  );
  return rows.map((row) => ({
    chainId: input.chainId,
    poolId: row.pool_id,
    interval: input.interval,
    time: Number(row.bucket_time),
    open: { b: row.open_b, a: row.open_a },
    high: { b: row.high_b, a: row.high_a },
    low: { b: row.low_b, a: row.low_a },
    close: { b: row.close_b, a: row.close_a },
    volumeA: row.volume_a,
    volumeB: row.volume_b,
    swaps: Number(row.swaps),
    blockNumber: Number(row.updated_block),
  }));
}
