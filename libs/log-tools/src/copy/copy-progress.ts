import type { Position } from '@abland/kernel';

export type CopyPhase = 'comparing' | 'copying' | 'verifying';

export interface CopyProgress {
  readonly phase: CopyPhase;
  /** Events done in this phase, in this run. */
  readonly events: bigint;
  readonly eventsPerSecond: number;
  /** Of this phase, from 0 to 1: by positions, which only estimates where they are not gapless. */
  readonly share: number;
  /** At this rate; null until there is one. */
  readonly secondsLeft: number | null;
}

/** The part of a log that a phase goes through: positions after the first up to the last. */
export interface CopyRange {
  readonly after: Position | null;
  readonly to: Position | null;
}

const TELL_MS = 1_000;

/** Tells how far a phase is, once a second, and that it is done once: at its end. */
export class ProgressTeller {
  events = 0n;
  private readonly start = performance.now();
  private toldAt = performance.now();

  constructor(
    private readonly phase: CopyPhase,
    private readonly range: CopyRange,
    private readonly tell: ((progress: CopyProgress) => void) | undefined,
  ) {}

  add(count: number, position: Position): void {
    this.events += BigInt(count);
    const now = performance.now();
    const share = this.shareAt(position);
    if (share < 1 && now - this.toldAt >= TELL_MS) this.report(share, now);
  }

  end(): void {
    if (this.events > 0n) this.report(1, performance.now());
  }

  private report(share: number, now: number): void {
    this.toldAt = now;
    const seconds = (now - this.start) / 1_000;
    const eventsPerSecond = seconds === 0 ? 0 : Number(this.events) / seconds;
    const secondsLeft = share === 0 ? null : (seconds * (1 - share)) / share;
    this.tell?.({ phase: this.phase, events: this.events, eventsPerSecond, share, secondsLeft });
  }

  private shareAt(position: Position): number {
    const { after, to } = this.range;
    const start = after ?? 0n;
    if (to === null || to <= start) return 1;
    return Math.min(1, Number(position - start) / Number(to - start));
  }
}
