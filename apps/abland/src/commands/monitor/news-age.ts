import { systemTiming, type Clock, type Timing } from '@abland/kernel';

/**
 * For how long a log has told nothing new: of before this run by the time of day, which the file has, and from then on by a clock that only
 * goes forward, whatever is set meanwhile.
 */
export class NewsAge {
  private since: number;
  private before: number;

  /** @param newsAt milliseconds since the epoch, by the time of day of when it was told; one that lies ahead is of a clock that was wrong */
  constructor(
    private newsAt: number,
    timeOfDay: Clock,
    private readonly timing: Pick<Timing, 'now'> = systemTiming,
  ) {
    this.since = timing.now();
    this.before = Math.max(0, timeOfDay() - newsAt);
  }

  /** After a look. */
  note(newsAt: number): void {
    if (newsAt === this.newsAt) return;
    this.newsAt = newsAt;
    this.since = this.timing.now();
    this.before = 0;
  }

  get ms(): number {
    return this.before + this.timing.now() - this.since;
  }
}
