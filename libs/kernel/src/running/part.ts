import type { FailureClass } from '../failures/abland-error.js';
import type { Classify } from '../failures/failure-class.js';
import type { PauseRange } from './growing-pause.js';
import type { Logger } from '../logging/logger.js';
import type { Running } from './running.js';
import type { Timing } from '../time/timing.js';

/** The right to be the only one that runs a part. */
export interface Lead {
  /** Aborts, with an error as its reason, when the right is lost. */
  readonly lost: AbortSignal;
  /** Gives it back, so that another may lead at once. */
  release(): Promise<void>;
}

/** Something that runs for as long as the program does. */
export interface Part<Held extends Lead = Lead> {
  readonly name: string;
  /** Those in it that come round again and again, however little there is to do, and tell so; absent: none. */
  readonly loops?: readonly string[];
  /** Takes the right to run; null while another has it. Absent where no right is needed. */
  readonly lead?: () => Promise<Held | null>;
  /** Runs until the signal aborts; rejects with what broke it. */
  readonly run: (run: PartRun<Held>) => Promise<void>;
}

export interface PartRun<Held extends Lead = Lead> {
  /** The right to run; where the part needs none, one that is never lost. */
  readonly lead: Held;
  /** Aborts at a stop, and when the lead is lost. */
  readonly signal: AbortSignal;
  /** To be called whenever something was achieved: it ends a failure and makes the next pause short again. */
  progress(): void;
  /** To be called at each turn of a loop that the part names, also at one that found nothing to do. */
  beat(loop: string): void;
}

/**
 * STANDBY: another leads, also where this one failed at it in a way that no repetition helps: its failure says so. STARTING: it runs, and has achieved nothing yet. RUNNING. WAITING: it failed and is run again after a
 * pause. FAILED: it failed in a way that no repetition helps; it is run again after a long pause, or has ended. STOPPED.
 */
export type PartState = 'STANDBY' | 'STARTING' | 'RUNNING' | 'WAITING' | 'FAILED' | 'STOPPED';

/** Ages in milliseconds. */
export interface PartStatus {
  readonly name: string;
  readonly state: PartState;
  readonly stateAgeMs: number;
  /**
   * Since it last achieved something, which it does where something comes: it grows while nothing does, and says nothing of what is
   * due. Null before the first progress.
   */
  readonly progressAgeMs: number | null;
  /** Since that of its loops last came round which did so longest ago; null where it does not run, or has none. */
  readonly turnAgeMs: number | null;
  /** The loop that does not come round any more, though nothing failed; null where all do. */
  readonly standsAt: string | null;
  /** What interrupted it, until it gets on again, or, of what passes, another leads; null while nothing does. */
  readonly failure: PartFailure | null;
  /** Runs after the first one. */
  readonly restarts: number;
  /** Runs that failed in a way that no repetition helps, since it last achieved something. */
  readonly failedRuns: number;
}

export interface PartFailure {
  readonly code: string;
  readonly message: string;
  readonly failureClass: FailureClass;
  /** As that of AblandError. */
  readonly awaitsDecision: boolean;
  readonly ageMs: number;
}

export interface Supervised extends Running {
  status(): PartStatus;
}

export interface SuperviseOptions {
  readonly logger: Logger;
  /** Between two runs of a part whose failure may pass. */
  readonly pauseMs?: PauseRange;
  /** Milliseconds before a part is run again whose failure no repetition helps. */
  readonly failedPauseMs?: number;
  /** Milliseconds after which one that stands by tries to lead. */
  readonly standbyPauseMs?: number;
  /** Milliseconds that a run may take to end once its signal aborted. After them it is left to itself. */
  readonly stopWithinMs?: number;
  /** Milliseconds after which a loop that has not come round stands. */
  readonly standsAfterMs?: number;
  readonly classify?: Classify;
  /** Whether a failure ends the part, so that `ended` rejects with it. Absent: none does. */
  readonly endsOn?: (error: unknown, failureClass: FailureClass) => boolean;
  readonly timing?: Timing;
}

/** Whether it does its work, or another does. */
export function isWell({ failure, standsAt, state }: PartStatus): boolean {
  return (failure === null || state === 'STANDBY') && standsAt === null;
}
