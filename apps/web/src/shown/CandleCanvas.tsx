import {
  CandlestickSeries,
  ColorType,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  TickMarkType,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { useStore } from '../browser/store.js';
import { theme } from '../browser/theme.js';
import { styleOf } from '../ui/style-of.js';

export interface ShownCandle {
  readonly seconds: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

interface Drawn {
  readonly chart: IChartApi;
  readonly candles: ISeriesApi<'Candlestick'>;
  readonly volume: ISeriesApi<'Histogram'>;
}

const VOLUME_PART = 0.2;
/** So wide that few candles do not fill the page as bars. */
const SHOWN_MIN = 60;

/** Draws candles and, below them, what was traded; times in the viewer's zone. */
export default function CandleCanvas({
  candles,
  format,
  label,
  stepSeconds,
}: {
  readonly candles: readonly ShownCandle[];
  readonly stepSeconds: number;
  /** The newest price in words, for who does not see it. */
  readonly label: string;
  readonly format: (price: number) => string;
}) {
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  /** What was brought into view: whoever looks elsewhere since then is left to it. */
  const fitted = useRef<{ drawn: Drawn | null; stepSeconds: number }>({ drawn: null, stepSeconds: 0 });
  const told = useRef(format);
  told.current = format;
  const shownTheme = useStore(theme);
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const made = draw(element, (price) => told.current(price));
    drawn.current = made;
    return () => {
      drawn.current = null;
      made.chart.remove();
    };
  }, [shownTheme]);
  useEffect(() => {
    const now = drawn.current;
    if (now === null) return;
    const isNew = now !== fitted.current.drawn || stepSeconds !== fitted.current.stepSeconds;
    show(now, candles, stepSeconds, isNew && candles.length > 0);
    if (candles.length > 0) fitted.current = { drawn: now, stepSeconds };
  }, [candles, stepSeconds, shownTheme]);
  return <div ref={host} className="candles" role="img" aria-label={label} />;
}

function show(
  { candles, chart, volume }: Drawn,
  given: readonly ShownCandle[],
  stepSeconds: number,
  isBroughtIntoView: boolean,
): void {
  const [up, down] = [styleOf('--up'), styleOf('--down')];
  candles.setData(given.map(({ seconds, ...rest }) => ({ ...rest, time: seconds as UTCTimestamp })));
  volume.setData(
    given.map(({ close, open, seconds, volume: value }) => ({
      time: seconds as UTCTimestamp,
      value,
      color: `${close >= open ? up : down}66`,
    })),
  );
  chart.timeScale().applyOptions({ timeVisible: stepSeconds < 86_400, secondsVisible: false });
  if (isBroughtIntoView && given.length < SHOWN_MIN)
    chart.timeScale().setVisibleLogicalRange({ from: given.length - SHOWN_MIN, to: given.length + 4 });
}

function draw(element: HTMLElement, format: (price: number) => string): Drawn {
  const [up, down, line, faint] = ['--up', '--down', '--line', '--faint'].map(styleOf) as [
    string,
    string,
    string,
    string,
  ];
  const chart = createChart(element, {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: 'transparent' },
      textColor: faint,
      fontFamily: styleOf('--font'),
      fontSize: 11,
      attributionLogo: false, // it would bring a style of its own into the page; the link stands below the chart
    },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    rightPriceScale: { borderColor: line, scaleMargins: { top: 0.08, bottom: VOLUME_PART + 0.05 } },
    timeScale: { borderColor: line, rightOffset: 4, tickMarkFormatter: tickOf },
    localization: { timeFormatter: timeOf, priceFormatter: format },
  });
  const candles = chart.addSeries(CandlestickSeries, {
    ...{ upColor: up, downColor: down, borderVisible: false, wickUpColor: up, wickDownColor: down },
    priceFormat: { type: 'custom', formatter: format, minMove: 1e-12 },
  });
  const volume = chart.addSeries(HistogramSeries, {
    ...{ priceScaleId: 'volume', lastValueVisible: false, priceLineVisible: false },
    priceFormat: { type: 'volume' },
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 1 - VOLUME_PART, bottom: 0 } });
  return { chart, candles, volume };
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const dateOf = (time: Time): Date => new Date(Number(time) * 1000);
const timeOf = (time: Time): string => whole.format(dateOf(time));
const tickOf = (time: Time, kind: TickMarkType): string =>
  (kind === TickMarkType.Time || kind === TickMarkType.TimeWithSeconds ? clock : day).format(dateOf(time));
