import { useMemo } from 'react';
import { useAsked } from '../api/asked.js';
import { CandlesDocument, type CandlesQuery } from '../api/operations.gen.js';
import { useStore } from '../browser/store.js';
import { pulse, serverNow, useNews } from '../news/pulse.js';
import type { ShownCandle } from './CandleCanvas.js';
import { type PricedToken, priceOf } from './candle-prices.js';
import { type Interval, stepMsOf } from './intervals.js';

export interface WantedCandles {
  readonly poolId: string;
  /** Whether the priced token is the pool's first. */
  readonly isFirst: boolean;
  readonly base: PricedToken;
  readonly quote: PricedToken;
}

const CANDLES_MAX = 600;
/** What is asked for stays the same for so many of them: what is drawn is not taken away with each. */
const STRIDE = 100;

/** The candles of a pool up to now, in the price of one of its tokens; undefined before the first answer. */
export function useCandles(
  { base, isFirst, poolId, quote }: WantedCandles,
  interval: Interval,
): readonly ShownCandle[] | undefined {
  const stepMs = stepMsOf(interval);
  const stride = Math.floor(serverNow(useStore(pulse).meta) / (stepMs * STRIDE));
  const variables = useMemo(() => {
    const end = (stride + 1) * STRIDE;
    return {
      ...{ poolId, interval, limit: CANDLES_MAX },
      from: new Date(Math.max(0, end - CANDLES_MAX) * stepMs).toISOString(),
      to: new Date(end * stepMs).toISOString(),
    };
  }, [interval, poolId, stepMs, stride]);
  const { data } = useAsked({ document: CandlesDocument, variables, version: useNews() });
  const [baseDecimals, quoteDecimals] = [base.decimals, quote.decimals];
  return useMemo(() => {
    const sides = [
      { symbol: '', decimals: baseDecimals },
      { symbol: '', decimals: quoteDecimals },
    ] as const;
    return data?.candles.flatMap((candle) => shownOf(candle, isFirst, ...sides) ?? []);
  }, [baseDecimals, data, isFirst, quoteDecimals]);
}

/** As numbers that are drawn; null for one of an empty pool. */
function shownOf(
  candle: CandlesQuery['candles'][number],
  isFirst: boolean,
  base: PricedToken,
  quote: PricedToken,
): ShownCandle | null {
  const prices = [candle.open, candle.close, candle.high, candle.low].map((price) =>
    Number(priceOf(price, isFirst, base, quote)),
  );
  const [open, close, one, other] = prices as [number, number, number, number];
  if (prices.some((price) => !(price > 0))) return null;
  return {
    ...{ open, close, high: Math.max(one, other), low: Math.min(one, other) },
    volume: Number(isFirst ? candle.volumeA : candle.volumeB) / 10 ** base.decimals,
    seconds: Date.parse(candle.time) / 1000,
  };
}
