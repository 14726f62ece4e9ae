import { useMemo } from 'react';
import { useAsked } from '../api/asked.js';
import { CandlesDocument } from '../api/operations.gen.js';
import { useStore } from '../browser/store.js';
import { pulse, serverNow } from '../news/pulse.js';

const [WIDTH, HEIGHT] = [88, 26];
const HOUR_MS = 3_600_000;
/** It is of a day: it need not be asked for more often. */
const CALM_MS = 60_000;

/** The way of a price through the last day. Says nothing that the numbers beside it do not. */
export function Sparkline({ poolId, isFirst }: { readonly poolId: string; readonly isFirst: boolean }) {
  const slot = Math.floor(serverNow(useStore(pulse).meta) / CALM_MS);
  const variables = useMemo(() => {
    const to = (slot + 1) * CALM_MS;
    return {
      ...{ poolId, interval: 'FIVE_MINUTES' as const, limit: 288 },
      from: new Date(to - 24 * HOUR_MS).toISOString(),
      to: new Date(to).toISOString(),
    };
  }, [poolId, slot]);
  const { data } = useAsked({ document: CandlesDocument, variables, version: '' });
  const points = useMemo(() => {
    const prices = (data?.candles ?? []).map(({ close: { a, b } }) =>
      isFirst ? Number(b) / Number(a) : Number(a) / Number(b),
    );
    return prices.length < 2 ? null : lineOf(prices);
  }, [data, isFirst]);
  if (points === null) return <svg className="spark" width={WIDTH} height={HEIGHT} aria-hidden="true" />;
  return (
    <svg className="spark" data-way={points.way} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path className="spark-area" d={`${points.line}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`} />
      <path className="spark-line" d={points.line} fill="none" />
    </svg>
  );
}

/** As a path; only its shape counts, so that floats do. */
export function lineOf(prices: readonly number[]): {
  readonly line: string;
  readonly way: 'up' | 'down' | 'level';
} {
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  const span = most - least || 1;
  const line = prices
    .map((price, index) => {
      const x = (index / (prices.length - 1)) * WIDTH;
      const y = HEIGHT - 2 - ((price - least) / span) * (HEIGHT - 4);
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
  const [first = 0, last = 0] = [prices[0], prices.at(-1)];
  return { line, way: last > first ? 'up' : last < first ? 'down' : 'level' };
}
