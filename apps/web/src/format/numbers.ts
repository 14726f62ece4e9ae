const whole = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

/** Exact, with the separators of the viewer's language. */
export const count = (value: number | bigint | string): string =>
  whole.format(typeof value === 'string' ? BigInt(value) : value);

export const compact = (value: number): string =>
  value < 10_000 ? whole.format(value) : short.format(value);

export const rate = (perSecond: number): string =>
  perSecond === 0 ? '0' : perSecond < 10 ? perSecond.toFixed(1) : compact(Math.round(perSecond));

/** Of memory, in the unit that leaves a few digits: `213 MiB`, `1.4 GiB`. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(value, 1)) / 10), units.length - 1);
  const scaled = value / 2 ** (10 * power);
  return `${scaled < 10 && power > 0 ? scaled.toFixed(1) : Math.round(scaled)} ${units[power]}`;
}

/** A length of time in its two largest units: `1 h 05 m`, `42 s`, `0.3 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '—';
  if (seconds < 1) return seconds === 0 ? '0 s' : `${Math.max(0.1, Math.round(seconds * 10) / 10)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const units = [
    [86_400, 'd', 3_600, 'h'],
    [3_600, 'h', 60, 'm'],
    [60, 'm', 1, 's'],
  ] as const;
  for (const [size, unit, smaller, smallerUnit] of units) {
    if (seconds < size) continue;
    const rest = Math.floor((seconds % size) / smaller);
    return `${Math.floor(seconds / size)} ${unit} ${String(rest).padStart(2, '0')} ${smallerUnit}`;
  }
  return `${Math.round(seconds)} s`;
}

export const shortId = (id: string, head = 8, tail = 4): string =>
  id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;

/** `TokenCreated` as `Token created`, `REBUILD_PROJECTION` as `Rebuild projection`. */
export function words(name: string): string {
  const spaced = /^[A-Z_]+$/.test(name)
    ? name.toLowerCase().replaceAll('_', ' ')
    : name.replace(
        /([a-z\d])([A-Z])/g,
        (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
      );
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
