import type { Position } from '@abland/kernel';

const WINDOW_MS = 1_000;
/** Of the last half minute: what was read an hour ago says little of what comes. */
const WINDOWS_MAX = 30;
/** Of fewer nothing is known of how much they differ. */
const WINDOWS_MIN = 3;

export interface TimeLeft {
  readonly seconds: number;
  /** Plus or minus seconds: what the seconds that were measured differ by, as a share of them. */
  readonly within: number;
}

/**
 * How long it takes to the end of the log, by how much was left a while ago: a log that grows meanwhile is a slower pace. Of the
 * speeds of whole seconds (mean m, standard deviation s) it takes left / m, within left / m * s / m.
 */
export class Pace {
  private since: number;
  private leftThen: Position | null = null;
  private readonly speeds: number[] = [];

  /** @param now milliseconds that pass, whatever a clock says */
  constructor(private readonly now: () => number) {
    this.since = now();
  }

  /** @param left positions to the end of the log, as it is known now */
  note(left: Position): void {
    const now = this.now();
    const elapsed = now - this.since;
    if (this.leftThen !== null && elapsed < WINDOW_MS) return;
    if (this.leftThen !== null) this.speeds.push((Number(this.leftThen - left) * 1_000) / elapsed);
    if (this.speeds.length > WINDOWS_MAX) this.speeds.shift();
    [this.since, this.leftThen] = [now, left];
  }

  /** Null while too little was measured, or where the log grows as fast as it is read. */
  timeLeft(left: Position): TimeLeft | null {
    if (left <= 0n) return { seconds: 0, within: 0 };
    if (this.speeds.length < WINDOWS_MIN) return null;
    const mean = this.speeds.reduce((sum, speed) => sum + speed, 0) / this.speeds.length;
    if (mean <= 0) return null;
    const squares = this.speeds.reduce((sum, speed) => sum + (speed - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / (this.speeds.length - 1));
    const seconds = Number(left) / mean;
    return { seconds, within: (seconds * deviation) / mean };
  }
}
