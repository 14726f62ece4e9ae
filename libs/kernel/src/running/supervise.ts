import { AblandError } from '../failures/abland-error.js';
import { codeOf } from '../failures/code-of.js';
import { failureClassOf, mayPass } from '../failures/failure-class.js';
import { GrowingPause, type PauseRange } from './growing-pause.js';
import { Heartbeat } from './heartbeat.js';
import type { Logger } from '../logging/logger.js';
import type { Lead, Part, PartFailure, PartState, PartStatus, Supervised, SuperviseOptions } from './part.js';
import { orAborted, systemTiming, type Timing } from '../time/timing.js';
import { TimeLimitError, within } from '../time/time-limit.js';
import { withoutSecrets } from '../logging/without-secrets.js';
import { isWorthTelling } from '../logging/worth-telling.js';

/** A part came to its end though nobody asked for it. */
export class PartEndedError extends AblandError {
  readonly code = 'PART_ENDED';
  override readonly failureClass = 'LATER';
}

/** No longer than whoever waits for what is back again will wait. */
const PAUSE_MS: PauseRange = { min: 100, max: 3_000 };
const FAILED_PAUSE_MS = 30_000;
const STANDBY_PAUSE_MS = 1_000;
const STOP_WITHIN_MS = 10_000;
/** What is interrupted again sooner than this, whatever it achieved between, is interrupted by the same: it is told ever more seldom. */
const WELL_AFTER_MS = 60_000;
/** Kinds of interruptions that are counted each by itself; more are counted by their class. */
const KINDS_MAX = 32;
/** A loop comes round once a second where it waits, and whoever probes is to know within ten that it does not. */
const STANDS_AFTER_MS = 7_000;

/**
 * Runs a part until it is stopped: leads where it may, else stands by, and runs it again after whatever interrupts it.
 * Nothing that fails in it is ever unhandled.
 */
export function supervise<Held extends Lead>(part: Part<Held>, options: SuperviseOptions): Supervised {
  const supervisor = new Supervisor(part, options);
  return {
    name: part.name,
    ended: supervisor.ended,
    stop: () => supervisor.stop(),
    status: () => supervisor.status(),
  };
}

type Failure = Omit<PartFailure, 'ageMs'> & { readonly at: number };

class Supervisor<Held extends Lead> {
  readonly ended: Promise<void>;
  private readonly stopping = new AbortController();
  private readonly timing: Timing;
  private readonly pauses: GrowingPause;
  private readonly heartbeat: Heartbeat;
  private readonly logger: Logger;
  private readonly stopWithinMs: number;
  private readonly finished: Promise<void>;
  private readonly end = Promise.withResolvers<void>();
  private stopped: Promise<void> | null = null;
  private state: PartState = 'STARTING';
  private stateSince: number;
  private progressAt: number | null = null;
  private failure: Failure | null = null;
  /** What a run of it failed of last in a way that no repetition helps, and how many did, since it last achieved something. */
  private failed: Failure | null = null;
  private failedRuns = 0;
  private runs = 0;
  /** Since it was last well for a while: all, and those of each kind, of which each is told. */
  private interruptions = 0;
  private readonly interruptionsBy = new Map<string, number>();
  private interruptedAt = -Infinity;
  private hasAchieved = false;

  constructor(
    private readonly part: Part<Held>,
    private readonly options: SuperviseOptions,
  ) {
    this.timing = options.timing ?? systemTiming;
    this.pauses = new GrowingPause(options.pauseMs ?? PAUSE_MS, this.timing);
    this.heartbeat = new Heartbeat(part.loops ?? [], this.timing);
    this.logger = options.logger.child({ part: part.name });
    this.stopWithinMs = options.stopWithinMs ?? STOP_WITHIN_MS;
    this.stateSince = this.timing.now();
    this.ended = this.end.promise;
    this.ended.catch(() => undefined); // whoever awaits `ended` gets it; alone it must not end the program
    this.finished = this.runUntilStopped().catch((error: unknown) => this.end.reject(error));
  }

  stop(): Promise<void> {
    return (this.stopped ??= this.stopOnce());
  }

  status(): PartStatus {
    const now = this.timing.now();
    const { failure, progressAt } = this;
    const turn = this.heartbeat.oldest();
    const stands = turn !== null && turn.ageMs > (this.options.standsAfterMs ?? STANDS_AFTER_MS);
    return {
      name: this.part.name,
      state: this.state,
      stateAgeMs: now - this.stateSince,
      progressAgeMs: progressAt === null ? null : now - progressAt,
      turnAgeMs: turn?.ageMs ?? null,
      standsAt: stands ? turn.loop : null,
      failure: failure === null ? null : failureView(failure, now),
      restarts: Math.max(0, this.runs - 1),
      failedRuns: this.failedRuns,
    };
  }

  private async stopOnce(): Promise<void> {
    this.stopping.abort();
    try {
      // Twice: for its run, and for giving back its lead.
      await within(2 * this.stopWithinMs, `stopping ${this.part.name}`, this.finished, this.timing);
    } catch (error) {
      this.logger.error({ err: error }, 'does not stop, left to itself');
    }
    this.enter('STOPPED');
    this.end.resolve();
  }

  /** Returns after a stop. @throws what ends the part */
  private async runUntilStopped(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const { runs } = this;
      try {
        await this.leadAndRun();
      } catch (error) {
        if (signal.aborted) this.noteAtStop(error);
        else await this.recover(error, { isOfRun: this.runs > runs });
      }
    }
  }

  private noteAtStop(error: unknown): void {
    if (error instanceof TimeLimitError) this.logger.warn({ err: error }, 'does not stop, left to itself');
    else this.logger.debug({ err: error }, 'interrupted by its stop');
  }

  private async leadAndRun(): Promise<void> {
    const lead = await (this.part.lead ?? uncontested)();
    if (lead === null) return this.standBy();
    try {
      // A part that needs no right knows no other kind of it than this.
      if (!this.stopping.signal.aborted) await this.runWith(lead as Held);
    } finally {
      await this.giveBack(lead);
    }
  }

  private async standBy(): Promise<void> {
    if (this.state !== 'STANDBY') this.tell('another leads, standing by');
    this.enter('STANDBY');
    // What a run failed of may keep it from leading again, whatever came between; that it could not ask who leads is over.
    this.failure = this.failed;
    await this.timing.pause(this.options.standbyPauseMs ?? STANDBY_PAUSE_MS, this.stopping.signal);
  }

  private async runWith(lead: Held): Promise<void> {
    const { stopping } = this;
    const signal = AbortSignal.any([stopping.signal, lead.lost]);
    this.runs += 1;
    const run = this.runs;
    this.enter('STARTING');
    if (this.part.lead !== undefined) this.tell('leads');
    const progress = (): void => {
      if (run === this.runs && !signal.aborted) this.progress();
    };
    const beat = (loop: string): void => {
      if (run === this.runs) this.heartbeat.beat(loop);
    };
    this.heartbeat.begin();
    try {
      await this.settled(this.part.run({ lead, signal, progress, beat }), signal);
    } finally {
      this.heartbeat.end();
    }
    if (stopping.signal.aborted) return;
    if (lead.lost.aborted) throw lead.lost.reason;
    throw new PartEndedError(`${this.part.name} ended by itself`);
  }

  /** What a run comes to; one that does not end soon after its signal is left to itself. */
  private async settled(run: Promise<void>, signal: AbortSignal): Promise<void> {
    await orAborted(run, signal);
    await within(this.stopWithinMs, `ending ${this.part.name}`, run, this.timing);
  }

  private async giveBack(lead: Lead): Promise<void> {
    try {
      await within(
        this.stopWithinMs,
        `giving back the lead of ${this.part.name}`,
        lead.release(),
        this.timing,
      );
    } catch (error) {
      const said = 'the lead was not given back, others wait until it expires';
      if (isWorthTelling(this.troubles() + 1)) this.logger.warn({ err: error }, said);
      else this.logger.debug({ err: error }, said);
    }
  }

  private progress(): void {
    this.progressAt = this.timing.now();
    this.failure = null;
    this.failed = null;
    this.failedRuns = 0;
    this.hasAchieved = true;
    this.pauses.reset();
    if (this.state !== 'RUNNING') this.enter('RUNNING');
  }

  private async recover(error: unknown, { isOfRun }: { readonly isOfRun: boolean }): Promise<void> {
    const failureClass = (this.options.classify ?? failureClassOf)(error);
    this.failure = { ...describe(error), failureClass, at: this.timing.now() };
    if (this.options.endsOn?.(error, failureClass) === true) {
      this.enter('FAILED');
      this.logger.error({ err: error, failureClass }, 'failed, and ends with it');
      throw error;
    }
    const passing = mayPass(failureClass);
    if (isOfRun && !passing) this.noteFailedRun(this.failure);
    const pauseMs = passing ? this.pauses.take() : (this.options.failedPauseMs ?? FAILED_PAUSE_MS);
    this.enter(passing ? 'WAITING' : 'FAILED');
    if (this.troubles() === 0) this.interruptionsBy.clear();
    this.interruptions = this.troubles() + 1;
    const kind =
      this.interruptionsBy.size < KINDS_MAX ? `${failureClass} ${this.failure.code}` : failureClass;
    const ofKind = (this.interruptionsBy.get(kind) ?? 0) + 1;
    this.interruptionsBy.set(kind, ofKind);
    this.interruptedAt = this.timing.now();
    this.hasAchieved = false;
    const fields = { err: error, failureClass, interruptions: this.interruptions, pauseMs };
    if (!isWorthTelling(ofKind)) this.logger.debug(fields, 'interrupted again, trying again');
    else if (passing) this.logger.warn(fields, 'interrupted, trying again');
    else this.logger.error(fields, 'failed, trying again after a long pause');
    await this.timing.pause(pauseMs, this.stopping.signal);
  }

  private noteFailedRun(failure: Failure): void {
    this.failed = failure;
    this.failedRuns += 1;
  }

  /** None where it has been well for a while. */
  private troubles(): number {
    const isWell = this.hasAchieved && this.timing.now() - this.interruptedAt >= WELL_AFTER_MS;
    return isWell ? 0 : this.interruptions;
  }

  /** Ever more seldom while it is interrupted again and again. */
  private tell(message: string): void {
    const { logger } = this;
    const troubles = this.troubles();
    if (troubles === 0 || isWorthTelling(troubles)) logger.info({}, message);
    else logger.debug({}, message);
  }

  private enter(state: PartState): void {
    if (state === this.state) return;
    this.state = state;
    this.stateSince = this.timing.now();
  }
}

function uncontested(): Promise<Lead> {
  return Promise.resolve({ lost: new AbortController().signal, release: () => Promise.resolve() });
}

function failureView({ at, ...failure }: Failure, now: number): PartFailure {
  return { ...failure, ageMs: now - at };
}

function describe(error: unknown): Pick<PartFailure, 'code' | 'message' | 'awaitsDecision'> {
  return {
    code: codeOf(error),
    awaitsDecision: error instanceof AblandError && error.awaitsDecision,
    message: withoutSecrets(error instanceof Error ? error.message : String(error)),
  };
}
