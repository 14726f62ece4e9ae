/** A metric as a scraper reads it. */
export interface ExposedMetric {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly samples: readonly ExposedSample[];
}
export interface ExposedSample {
  /** With the ending of its kind: `_bucket`, `_sum`, `_count`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary';

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]Inf|NaN)$/;
/** Of the samples of each kind. */
const ENDINGS: Readonly<Record<MetricType, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/**
 * Reads Prometheus' text format 0.0.4 as strictly as it is told: each metric once, its help and kind before its samples, all of them
 * together; no labels twice, whole buckets. https://prometheus.io/docs/instrumenting/exposition_formats
 * @throws Error that names the line
 */
export function readExposition(text: string): readonly ExposedMetric[] {
  if (!text.endsWith('\n')) throw new Error('The last line does not end');
  const metrics = new Map<string, Reading>();
  let current: Reading | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    try {
      current = readLine(line, current, metrics);
    } catch (error) {
      throw new Error(`Line ${index + 1}, ${line}: ${(error as Error).message}`, { cause: error });
    }
  }
  return [...metrics.values()].map(whole);
}

interface Reading {
  readonly name: string;
  readonly help: string;
  type: MetricType | null;
  readonly samples: ExposedSample[];
  /** Names and labels of the samples. */
  readonly keys: Set<string>;
}

function readLine(line: string, current: Reading | null, metrics: Map<string, Reading>): Reading {
  const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
  if (word === 'HELP') {
    if (!NAME.test(name)) throw new Error('no name of a metric');
    if (metrics.has(name)) throw new Error('is told twice');
    if (/\\(?![\\n])/.test(rest)) throw new Error('a backslash that escapes nothing');
    const reading: Reading = { name, help: rest, type: null, samples: [], keys: new Set() };
    metrics.set(name, reading);
    return reading;
  }
  if (current === null) throw new Error('comes before any metric');
  if (word === 'TYPE') return readType(name, rest, current);
  if (line.startsWith('#')) throw new Error('neither HELP nor TYPE');
  readSample(line, current);
  return current;
}

function readType(name: string, type: string, current: Reading): Reading {
  if (name !== current.name) throw new Error(`comes among what is told of ${current.name}`);
  if (current.type !== null || current.samples.length > 0) throw new Error('is told twice, or too late');
  if (!Object.hasOwn(ENDINGS, type)) throw new Error('no kind of metric');
  current.type = type as MetricType;
  return current;
}

function readSample(line: string, { keys, name: of, samples, type }: Reading): void {
  const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (name === '') throw new Error('no sample');
  if (type === null) throw new Error('has no kind yet');
  if (!ENDINGS[type].some((ending) => name === `${of}${ending}`)) throw new Error(`is none of ${of}`);
  if (!VALUE.test(value)) throw new Error('no value');
  const sample = { name, labels: readLabels(labels), value: numberOf(value) };
  if (type === 'counter' && !(sample.value >= 0)) throw new Error('counts below nothing');
  const key = JSON.stringify([name, Object.entries(sample.labels).toSorted()]);
  if (keys.has(key)) throw new Error('is there twice');
  keys.add(key);
  samples.push(sample);
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== '';) {
    const [whole, name = '', value = '', comma] = LABEL.exec(rest) ?? [];
    if (whole === undefined) throw new Error(`no label: ${rest}`);
    if (Object.hasOwn(labels, name)) throw new Error(`label ${name} is there twice`);
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(whole.length);
    if (comma === ',' && rest === '') throw new Error('a comma after the last label');
  }
  return labels;
}

const numberOf = (value: string): number => Number(value.replace('Inf', 'Infinity'));

function whole({ help, name, samples, type }: Reading): ExposedMetric {
  if (type === null) throw new Error(`${name} has no kind`);
  if (type === 'histogram') requireWhole(name, samples);
  return { name, help, type, samples };
}

/** Buckets that grow up to one for all, which is the count. */
function requireWhole(name: string, samples: readonly ExposedSample[]): void {
  const others = ({ labels: { le: _, ...labels } }: ExposedSample): string =>
    JSON.stringify(Object.entries(labels).toSorted());
  for (const [labels, own] of Map.groupBy(samples, others)) {
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map((bucket) => numberOf(bucket.labels['le'] ?? 'NaN'));
    const rising = (values: readonly number[]): boolean =>
      values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
    const count = own.find((sample) => sample.name === `${name}_count`)?.value;
    const isWhole =
      bounds.at(-1) === Infinity &&
      rising(bounds) &&
      rising(buckets.map(({ value }) => value)) &&
      buckets.at(-1)?.value === count &&
      own.some((sample) => sample.name === `${name}_sum`);
    if (!isWhole) throw new Error(`The buckets of ${name} ${labels} are not whole`);
  }
}
