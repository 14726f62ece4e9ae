/** Lets no more events be handled than so many a second: after each batch it says how long to wait. */
export class Throttle {
  private due: number;

  /** @param now milliseconds, of any clock that goes on evenly */
  constructor(
    private readonly perSecond: number,
    now: number,
  ) {
    this.due = now;
  }

  /** Milliseconds to wait after so many events; who was slower before has saved nothing up. */
  pauseAfter(events: number, now: number): number {
    this.due = Math.max(this.due + (events * 1_000) / this.perSecond, now);
    return this.due - now;
  }
}
