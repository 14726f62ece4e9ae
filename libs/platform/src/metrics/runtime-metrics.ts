import { type Histogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/** Over how long the delays of the event loop are put together, in ms: shorter than the usual 15 s between two scrapes. */
const WINDOW_MS = 10_000;
/** Of the default metrics: reset by each scrape, so that two in a row tell `Nan` and a least delay of three centuries. */
const RESET_BY_SCRAPES = /^nodejs_eventloop_lag_/;
/** Of the default metrics: gauges by the names of counters, to which `promtool check metrics` objects. The same is told by type without it. */
const NAMED_AS_COUNTERS = /^nodejs_active_\w+_total$/;
const NS_PER_SECOND = 1e9;

interface Delays {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stddev: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/**
 * What is told of any program under the names that dashboards of Node.js know: CPU, memory, files, garbage, and the delays of its event
 * loop in seconds over the last whole window, whoever scrapes and how often. Nothing is told of delays before a first window has passed.
 */
export function addRuntimeMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray())
    if (RESET_BY_SCRAPES.test(name) || NAMED_AS_COUNTERS.test(name)) registry.removeSingleMetric(name);
  const lastDelays = watchDelays();
  for (const part of ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'] as const)
    registry.registerMetric(
      new Gauge({
        name: `nodejs_eventloop_lag_${part}_seconds`,
        help: `Delays of the event loop over the last ${WINDOW_MS / 1000} s: ${part}`,
        registers: [],
        collect() {
          this.reset();
          const delays = lastDelays();
          if (delays === null) this.remove();
          else this.set(delays[part] / NS_PER_SECOND);
        },
      }),
    );
}

function watchDelays(): () => Delays | null {
  const histogram = monitorEventLoopDelay({ resolution: 10 });
  histogram.enable();
  let last: Delays | null = null;
  setInterval(() => {
    last = histogram.count === 0 ? null : delaysOf(histogram);
    histogram.reset();
  }, WINDOW_MS).unref();
  return () => last;
}

function delaysOf(histogram: Histogram): Delays {
  const { max, mean, min, stddev } = histogram;
  const [p50, p90, p99] = [histogram.percentile(50), histogram.percentile(90), histogram.percentile(99)];
  return { min, max, mean, stddev, p50, p90, p99 };
}
