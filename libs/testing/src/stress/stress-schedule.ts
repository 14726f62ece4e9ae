import { SeededRandom } from '../seeded-random.js';

export type Fault =
  | { readonly kind: 'kill-appender' | 'kill-subscriber'; readonly atMs: number; readonly index: number }
  | { readonly kind: 'roll-back' | 'long-transaction'; readonly atMs: number; readonly heldMs: number }
  | { readonly kind: 'restart-store' | 'cut-connections'; readonly atMs: number };

export interface ScheduleOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly appenders: number;
  readonly subscribers: number;
}

/** Of a run of hours the store restarts as often as of one of a minute. */
const RESTART_EVERY_MS = 60_000;

/** When which fault strikes: drawn from the seed, with a restart of the store in the middle of every minute. */
export function drawSchedule({ seed, durationMs, appenders, subscribers }: ScheduleOptions): Fault[] {
  const random = new SeededRandom(seed);
  const parts = Math.max(1, Math.round(durationMs / RESTART_EVERY_MS));
  const partMs = durationMs / parts;
  const faults = Array.from({ length: parts }, (_, part): Fault => {
    return { kind: 'restart-store', atMs: partMs * (part + 0.4 + random.next() * 0.2) };
  });
  for (let atMs = 400; atMs < durationMs; atMs += 150 + random.below(500)) {
    const draw = random.next();
    if (draw < 0.3) faults.push({ kind: 'kill-appender', atMs, index: random.below(appenders) });
    else if (draw < 0.7) faults.push({ kind: 'kill-subscriber', atMs, index: random.below(subscribers) });
    else if (draw < 0.85) faults.push({ kind: 'roll-back', atMs, heldMs: 50 + random.below(250) });
    else if (draw < 0.95)
      faults.push({ kind: 'long-transaction', atMs, heldMs: 1_000 + random.below(4_000) });
    else faults.push({ kind: 'cut-connections', atMs });
  }
  return faults.sort((a, b) => a.atMs - b.atMs);
}
