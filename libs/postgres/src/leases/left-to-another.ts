import {
  type FailureClass,
  type Logger,
  mayPass,
  type PartFailure,
  type PartStatus,
  systemTiming,
} from '@abland/kernel';
import type pg from 'pg';
import { isStoodByFor } from '../pulses/stood-by-for.js';
import type { LedPart } from './start-alone.js';

/** A part failed in a way that no repetition helps while another program could try: told by what it failed with. */
export class LeftToAnother extends Error {
  readonly toldAs: string;
  readonly failureClass: FailureClass;

  constructor({ code, failureClass, message }: PartFailure) {
    super(message);
    this.name = 'LeftToAnother';
    this.toldAs = code;
    this.failureClass = failureClass;
  }
}

const LOOK_MS = 1_000;
/** Runs that failed: after the first one it is not known that a repetition does not help. */
const RUNS_MIN = 2;
/** The same, where whoever stands by failed at it as well: it may do now, and is to be asked ever more seldom. */
const RUNS_IN_TURN = { min: 6, max: 96 };

export interface LeavingOptions {
  readonly name: string;
  readonly pool: pg.Pool;
  readonly logger: Logger;
}

/**
 * When a part that fails is left to another program; one of these for all runs that a program has of it. It is left where its failure
 * is of a class that no repetition helps, does not await a person's decision, and has come in a number of runs since the part was
 * well: two where somebody stands by who did not fail at it, more of them, and each time twice as many, where all did. While
 * nobody stands by it goes on trying: a lease that is given back to nobody helps nobody.
 */
export class LeavingLead {
  #runsInTurn = RUNS_IN_TURN.min;

  constructor(private readonly options: LeavingOptions) {}

  /**
   * Looks after a run of the part until it is over.
   * @throws LeftToAnother
   */
  async untilLeft(part: LedPart, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await systemTiming.pause(LOOK_MS, over);
      const status = part.status?.();
      if (over.aborted || status === undefined) continue;
      if (isWorking(status)) this.#runsInTurn = RUNS_IN_TURN.min;
      const { failedRuns, failure } = status;
      if (failure === null || !mayBeLeft(failure) || !(await this.#couldAnother(failedRuns))) continue;
      const { logger, name } = this.options;
      const fields = { part: name, code: failure.code, failedRuns };
      logger.error(fields, 'gives up the lead: it fails again and again, and another stands by');
      throw new LeftToAnother(failure);
    }
  }

  async #couldAnother(failedRuns: number): Promise<boolean> {
    if (failedRuns < RUNS_MIN) return false;
    if (await this.#isStoodBy(false)) return true;
    if (failedRuns < this.#runsInTurn || !(await this.#isStoodBy(true))) return false;
    this.#runsInTurn = Math.min(2 * this.#runsInTurn, RUNS_IN_TURN.max);
    return true;
  }

  async #isStoodBy(alsoFailed: boolean): Promise<boolean> {
    const { logger, name, pool } = this.options;
    try {
      return await isStoodByFor(pool, name, { alsoFailed });
    } catch (error) {
      logger.debug({ err: error, part: name }, 'who stands by is not known');
      return false;
    }
  }
}

const isWorking = ({ failure, state }: PartStatus): boolean => state === 'RUNNING' && failure === null;

const mayBeLeft = ({ awaitsDecision, failureClass }: PartFailure): boolean =>
  !mayPass(failureClass) && !awaitsDecision;
