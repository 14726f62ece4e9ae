import type { ReadModel } from '../read-model/database.js';

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
  },
): Promise<readonly CandleView[]> {
  const rows = await db
    .selectFrom('candles')
    .selectAll()
    .where('chain_id', '=', String(input.chainId))
    .where('pool_id', '=', input.poolId)
    .where('interval_seconds', '=', CANDLE_INTERVALS[input.interval])
    .where('bucket_time', '>=', String(input.from))
    .where('bucket_time', '<', String(input.to))
    .orderBy('bucket_time', 'desc')
    .limit(Math.min(input.limit ?? CANDLES_MAX, CANDLES_MAX))
    .execute();
  return rows.reverse().map((row) => ({
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
