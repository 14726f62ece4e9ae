import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useStore } from '../browser/store.js';
import { theme } from '../browser/theme.js';
import { styleOf } from './style-of.js';

export interface ChartProps {
  /** Seconds since 1970, ascending. */
  readonly at: readonly number[];
  readonly series: readonly {
    readonly label: string;
    readonly values: readonly (number | null)[];
    readonly color: string;
  }[];
  readonly height: number;
  /** Without axes, for beside a number. */
  readonly isSmall?: boolean;
  readonly label: string;
}

/** Lines over time, drawn anew as the values, the width or the colours change. */
export function Chart({ at, height, isSmall = false, label, series }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shown = useStore(theme);
  const shape = series.map((one) => one.label + one.color).join();
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const colors = series.map(({ color }) => styleOf(color));
    const made = new uPlot(
      optionsOf(
        element.clientWidth,
        height,
        isSmall,
        series.map((one) => one.label),
        colors,
      ),
      dataOf(at, series),
      element,
    );
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
    // Values alone are set below: what is drawn anew here is what else it is made of.
  }, [shape, height, isSmall, shown]);
  useEffect(() => plot.current?.setData(dataOf(at, series)), [at, series]);
  return <div ref={host} className={isSmall ? 'chart small' : 'chart'} role="img" aria-label={label} />;
}

const dataOf = (at: ChartProps['at'], series: ChartProps['series']): uPlot.AlignedData =>
  [at, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData;

function optionsOf(
  width: number,
  height: number,
  isSmall: boolean,
  labels: readonly string[],
  colors: readonly string[],
): uPlot.Options {
  const lines = colors.map((stroke, index) => ({
    ...{ label: labels[index] ?? '', stroke, width: isSmall ? 1.25 : 1.75, points: { show: false } },
    ...(index === 0 ? { fill: `${stroke}22` } : {}),
    scale: isSmall || index === 0 ? 'y' : `y${index}`,
  }));
  const scales = { x: { time: true }, y: { range: fromZero }, y1: { range: fromZero } };
  const axis = {
    stroke: styleOf('--faint'),
    grid: { stroke: styleOf('--line'), width: 1 },
    ticks: { show: false },
  };
  const font = '11px system-ui, sans-serif';
  return {
    ...{ width, height, scales },
    padding: isSmall ? [2, 0, 2, 0] : [8, 8, 0, 0],
    series: [{}, ...lines],
    axes: isSmall
      ? [{ show: false }, { show: false }]
      : [
          { ...axis, font, space: 80 },
          { ...axis, font, size: 56 },
          ...(labels.length > 1
            ? [{ ...axis, font, size: 56, side: 1 as const, scale: 'y1', grid: { show: false } }]
            : []),
        ],
    legend: { show: !isSmall },
    cursor: { show: !isSmall, points: { size: 6 } },
  };
}

const fromZero = (_plot: uPlot, _min: number, max: number): [number, number] => [0, max > 0 ? max * 1.15 : 1];
