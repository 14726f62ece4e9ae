import type { Timing } from '../time/timing.js';

export interface PauseRange {
  /** Milliseconds after the first failure. */
  readonly min: number;
  /** Milliseconds that no pause is longer than. */
  readonly max: number;
}

/** Pauses that double from failure to failure, each cut by up to half by chance so that many do not come back together. */
export class GrowingPause {
  private nextMs: number;

  constructor(
    private readonly range: PauseRange,
    private readonly timing: Pick<Timing, 'random'>,
  ) {
    this.nextMs = range.min;
  }

  /** Milliseconds to wait now. */
  take(): number {
    const ms = this.nextMs;
    this.nextMs = Math.min(ms * 2, this.range.max);
    return Math.round(ms * (1 - this.timing.random() / 2));
  }

  reset(): void {
    this.nextMs = this.range.min;
  }
}
