import { CANDLE_INTERVALS, type CandleInterval } from './queries.js';

/** Points of a history at most. */
export const HISTORY_POINTS_MAX = 1_000;

/** Which moments a history tells of. Seconds since the epoch. */
export interface HistorySpan {
  readonly interval: CandleInterval;
  readonly from: number;
  /** Included. */
  readonly to: number;
  /** What comes after it is not known yet. */
  readonly now: number;
  /** The newest so many, at most HISTORY_POINTS_MAX. */
  readonly limit?: number;
}

/** The multiples of the interval from `from` up to `to` or `now`, whichever is first; the newest of them where they are too many. */
export function momentsOf({ from, interval, limit, now, to }: HistorySpan): readonly number[] {
  const step = CANDLE_INTERVALS[interval];
  const newest = Math.floor(Math.min(to, now) / step) * step;
  const oldest = Math.ceil(Math.max(from, 0) / step) * step;
  const points = Math.min((newest - oldest) / step + 1, limit ?? HISTORY_POINTS_MAX, HISTORY_POINTS_MAX);
  return Array.from({ length: Math.max(points, 0) }, (_, index) => newest - (points - 1 - index) * step);
}
