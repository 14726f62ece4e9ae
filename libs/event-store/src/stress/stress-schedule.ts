import { SeededRandom } from './seeded-random.js';

export type Fault =
  | { readonly kind: 'kill-appender' | 'kill-subscriber'; readonly atMs: number; readonly index: number }
  | {
      readonly kind: 'restart-database' | 'cut-connections' | 'roll-back' | 'long-transaction';
      readonly atMs: number;
    };

export interface ScheduleOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly appenders: number;
  readonly subscribers: number;
}

/** When which fault strikes: drawn from the seed, with one restart of the database in the middle. */
export function drawSchedule({ seed, durationMs, appenders, subscribers }: ScheduleOptions): Fault[] {
  const random = new SeededRandom(seed);
  const faults: Fault[] = [{ kind: 'restart-database', atMs: durationMs * (0.4 + random.next() * 0.2) }];
  for (let atMs = 400; atMs < durationMs; atMs += 150 + random.below(500)) {
    const draw = random.next();
    if (draw < 0.3) faults.push({ kind: 'kill-appender', atMs, index: random.below(appenders) });
    else if (draw < 0.7) faults.push({ kind: 'kill-subscriber', atMs, index: random.below(subscribers) });
    else if (draw < 0.85) faults.push({ kind: 'roll-back', atMs });
    else if (draw < 0.95) faults.push({ kind: 'long-transaction', atMs });
    else faults.push({ kind: 'cut-connections', atMs });
  }
  return faults.sort((a, b) => a.atMs - b.atMs);
}
