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

/** Of twenty faults one after the other, so that a short run has each kind too. */
const DECK: readonly Fault['kind'][] = (
  [
    ['kill-appender', 6],
    ['kill-subscriber', 8],
    ['roll-back', 3],
    ['long-transaction', 2],
    ['cut-connections', 1],
  ] as const
).flatMap(([kind, count]) => Array.from({ length: count }, () => kind));

/** When which fault strikes: drawn from the seed, with a restart of the store in the middle of every minute. */
export function drawSchedule({ seed, durationMs, appenders, subscribers }: ScheduleOptions): Fault[] {
  const random = new SeededRandom(seed);
  const parts = Math.max(1, Math.round(durationMs / RESTART_EVERY_MS));
  const partMs = durationMs / parts;
  const faults = Array.from({ length: parts }, (_, part): Fault => {
    return { kind: 'restart-store', atMs: partMs * (part + 0.4 + random.next() * 0.2) };
  });
  let deck: Fault['kind'][] = [];
  for (let atMs = 400; atMs < durationMs; atMs += 150 + random.below(500)) {
    if (deck.length === 0) deck = [...DECK];
    const [kind] = deck.splice(random.below(deck.length), 1);
    if (kind === 'kill-appender') faults.push({ kind, atMs, index: random.below(appenders) });
    else if (kind === 'kill-subscriber') faults.push({ kind, atMs, index: random.below(subscribers) });
    else if (kind === 'roll-back') faults.push({ kind, atMs, heldMs: 50 + random.below(250) });
    else if (kind === 'long-transaction') faults.push({ kind, atMs, heldMs: 1_000 + random.below(4_000) });
    else faults.push({ kind: 'cut-connections', atMs });
  }
  return faults.sort((a, b) => a.atMs - b.atMs);
}
