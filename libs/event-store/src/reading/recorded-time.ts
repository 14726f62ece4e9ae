const SECOND_MS = 1_000;
const MILLISECONDS = '000Z';

let second = NaN;
let prefix = '';

/** ISO 8601 UTC of a time in ms. Events that are read together were recorded together, so that a second's text is made once. */
export function recordedTime(ms: number): string {
  const start = Math.floor(ms / SECOND_MS) * SECOND_MS;
  if (start !== second) {
    second = start;
    prefix = new Date(start).toISOString().slice(0, -MILLISECONDS.length);
  }
  return `${prefix}${String(Math.floor(ms - start)).padStart(3, '0')}Z`;
}
