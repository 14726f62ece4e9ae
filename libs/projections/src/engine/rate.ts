const WINDOW_MS = 1_000;

/** Events a second over the last second or so. */
export class RateMeter {
  private since: number;
  private count = 0;
  private last = 0;

  /** @param now milliseconds that pass, whatever a clock says */
  constructor(private readonly now: () => number) {
    this.since = now();
  }

  add(events: number): void {
    this.count += events;
    const elapsed = this.now() - this.since;
    if (elapsed < WINDOW_MS) return;
    this.last = (this.count * 1_000) / elapsed;
    this.count = 0;
    this.since = this.now();
  }

  get perSecond(): number {
    return this.last;
  }
}
