import { Counter, Gauge, type Registry } from 'prom-client';
import { type CounterName, type MetricKind, problemOfName } from './metric-names.js';

export type Labels = Readonly<Record<string, string | number>>;
export type Sample = readonly [labels: Labels, value: number];

export interface ToldMetric {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

export interface ToldCounter extends ToldMetric {
  readonly name: CounterName;
}

type ReadSamples = () => readonly Sample[] | Promise<readonly Sample[]>;

/** A value that is read from what a program knows whenever it is asked for; what is not known any more is not told any more. */
export function addGauge(
  registry: Registry,
  { name, help, labels = [] }: ToldMetric,
  read: ReadSamples,
): void {
  requireName(name, 'gauge');
  registry.registerMetric(
    new Gauge({
      ...{ name, help, labelNames: [...labels], registers: [] },
      async collect() {
        const samples = await read();
        this.reset();
        for (const [of, value] of samples) this.set(of, value);
      },
    }),
  );
}

/** As a gauge, of what is counted elsewhere since the start of a program. */
export function addCounter(
  registry: Registry,
  { name, help, labels = [] }: ToldCounter,
  read: ReadSamples,
): void {
  requireName(name, 'counter');
  registry.registerMetric(
    new Counter({
      ...{ name, help, labelNames: [...labels], registers: [] },
      async collect() {
        const samples = await read();
        this.reset();
        for (const [of, value] of samples) this.inc(of, value);
      },
    }),
  );
}

function requireName(name: string, kind: MetricKind): void {
  const problem = problemOfName(name, kind);
  if (problem !== null) throw new TypeError(`The metric ${name} ${problem}`);
}
