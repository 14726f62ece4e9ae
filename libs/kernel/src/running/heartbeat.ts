import { systemTiming, type Timing } from '../time/timing.js';
import type { PartRun } from './part.js';

/** The loop of a part that came round longest ago. */
export interface OldestTurn {
  readonly loop: string;
  /** Milliseconds since. */
  readonly ageMs: number;
}

/** When each loop of a running part last came round, whether it found something to do or not. */
export class Heartbeat {
  private readonly turns = new Map<string, number>();

  constructor(
    private readonly loops: readonly string[],
    private readonly timing: Pick<Timing, 'now'>,
  ) {}

  /** A run begins: every loop of it has its first turn before it. */
  begin(): void {
    for (const loop of this.loops) this.turns.set(loop, this.timing.now());
  }

  /** A turn of a loop; of a run that has ended it says nothing. */
  beat(loop: string): void {
    if (this.turns.has(loop)) this.turns.set(loop, this.timing.now());
  }

  end(): void {
    this.turns.clear();
  }

  /** Null where nothing runs, or nothing of it is a loop. */
  oldest(): OldestTurn | null {
    const now = this.timing.now();
    const [first = null, ...others] = [...this.turns].map(([loop, at]) => ({ loop, ageMs: now - at }));
    return others.reduce((oldest, turn) => (oldest && oldest.ageMs >= turn.ageMs ? oldest : turn), first);
  }
}

/** A loop that waits is one that comes round. */
const WAITING_TURN_MS = 1_000;

/** A pause of a loop, of any length: it is told of that the loop waits, and does not stand. */
export async function beatingPause(
  ms: number,
  loop: string,
  { beat, signal }: Pick<PartRun, 'beat' | 'signal'>,
  timing: Timing = systemTiming,
): Promise<void> {
  const until = timing.now() + ms;
  for (let left = ms; left > 0 && !signal.aborted; left = until - timing.now()) {
    beat(loop);
    await timing.pause(Math.min(left, WAITING_TURN_MS), signal);
  }
  beat(loop);
}
