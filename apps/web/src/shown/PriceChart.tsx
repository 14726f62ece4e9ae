import { lazy, Suspense, useState } from 'react';
import { useNumbers, useWords } from '../messages/language.js';
import { Empty } from '../ui/parts.js';
import type { ShownCandle } from './CandleCanvas.js';
import { type Interval, INTERVALS, stepMsOf } from './intervals.js';
import { useCandles, type WantedCandles } from './use-candles.js';

/** What draws is as large as all the rest of a page: the rest does not wait for it. */
const CandleCanvas = lazy(() => import('./CandleCanvas.js'));

/** Candles with volume, live: of a pool, in the price of one of its tokens. */
export function PriceChart(props: WantedCandles) {
  const { base, quote } = props;
  const { chart: words } = useWords();
  const numbers = useNumbers();
  const [chosen, setChosen] = useState<Interval>('FIVE_MINUTES');
  const candles = useCandles(props, chosen);
  const last = candles?.at(-1);
  const price = (value: number): string => numbers.price(plain(value));
  return (
    <section className="panel chart-panel" aria-label={words.label(base.symbol, quote.symbol)}>
      <div className="section-head">
        <h2>
          {base.symbol}
          <span className="faint"> / {quote.symbol}</span>
        </h2>
        {last === undefined ? null : <Ohlc candle={last} price={price} />}
        <div className="choice" role="group" aria-label={words.interval}>
          {INTERVALS.map(([name, label]) => (
            <button key={name} type="button" aria-pressed={name === chosen} onClick={() => setChosen(name)}>
              {label}
            </button>
          ))}
        </div>
      </div>
      {candles?.length === 0 ? (
        <Empty title={words.noneTitle}>{words.noneAbout}</Empty>
      ) : (
        <Suspense fallback={<div className="candles" />}>
          <CandleCanvas
            candles={candles ?? []}
            stepSeconds={stepMsOf(chosen) / 1000}
            label={
              last === undefined ? words.loading : words.told(base.symbol, price(last.close), quote.symbol)
            }
            format={price}
          />
        </Suspense>
      )}
      <p className="chart-credit">
        <a href="https://www.tradingview.com/" target="_blank" rel="noopener noreferrer">
          TradingView Lightweight Charts™
        </a>
      </p>
    </section>
  );
}

function Ohlc(props: { readonly candle: ShownCandle; readonly price: (value: number) => string }) {
  const { close, high, low, open } = props.candle;
  const { chart: words } = useWords();
  const shown = [
    [words.open, open],
    [words.high, high],
    [words.low, low],
    [words.close, close],
  ] as const;
  return (
    <span className="ohlc" aria-hidden="true">
      {shown.map(([name, value]) => (
        <span key={name}>
          <span className="faint">{name}</span> {props.price(value)}
        </span>
      ))}
    </span>
  );
}

/** Without an exponent, however small. */
export const plain = (value: number): string => {
  const text = value.toPrecision(8);
  return text.includes('e') ? value.toFixed(18).replace(/0+$/, '').replace(/\.$/, '') : String(Number(text));
};
