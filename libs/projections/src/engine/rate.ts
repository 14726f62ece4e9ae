import type { Clock } from '@abland/kernel';

const WINDOW_MS = 1_000;

/** Events a second over the last second or so. */
export class RateMeter {
  private since: number;
  private count = 0;
  private last = 0;

  constructor(private readonly clock: Clock) {
    this.since = clock();
  }

  add(events: number): void {
    this.count += events;
    const elapsed = this.clock() - this.since;
    if (elapsed < WINDOW_MS) return;
    this.last = (this.count * 1_000) / elapsed;
    this.count = 0;
    this.since = this.clock();
  }

  get perSecond(): number {
    return this.last;
  }
}
