import type { CandlesQueryVariables } from '../api/operations.gen.js';

export type Interval = CandlesQueryVariables['interval'];

const MINUTE_MS = 60_000;

/** Those that candles are kept of, with what they are called and how long they are. */
export const INTERVALS = [
  ['ONE_MINUTE', '1m', MINUTE_MS],
  ['FIVE_MINUTES', '5m', 5 * MINUTE_MS],
  ['ONE_HOUR', '1h', 60 * MINUTE_MS],
  ['ONE_DAY', '1d', 1_440 * MINUTE_MS],
] as const satisfies readonly (readonly [Interval, string, number])[];

export const stepMsOf = (interval: Interval): number =>
  INTERVALS.find(([name]) => name === interval)?.[2] ?? MINUTE_MS;
