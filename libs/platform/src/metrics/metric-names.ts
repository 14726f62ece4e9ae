export type MetricKind = 'counter' | 'gauge';

/** What only grows while its program runs. */
export type CounterName = `${string}_total`;

/** Of time and bytes there is one unit each, so that no query has to reckon: the base unit. */
const OTHER_UNITS =
  /_(ns|us|ms|sec|secs|min|mins|nanoseconds|microseconds|milliseconds|minutes|hours|days|kb|mb|gb|kib|mib|gib|kilobytes|megabytes|gigabytes|percent)(_total)?$/;
/** What histograms and summaries make of their names. */
const OF_HISTOGRAMS = /_(bucket|count|sum)$/;

/**
 * What Prometheus would object to in a name (`promtool check metrics`), and that every name here says whose it is; null where it may
 * stay. Source of the rules: https://prometheus.io/docs/practices/naming/
 */
export function problemOfName(name: string, kind: MetricKind): string | null {
  if (!/^abland_[a-z]+(_[a-z0-9]+)*$/.test(name)) return 'is not of the form abland_…';
  if (kind === 'counter' && !name.endsWith('_total')) return 'is counted, and does not end in _total';
  if (kind === 'gauge' && name.endsWith('_total')) return 'is not counted, and ends in _total';
  if (OTHER_UNITS.test(name)) return 'is not in a base unit';
  return OF_HISTOGRAMS.test(name) ? 'ends as what histograms tell' : null;
}
