import { type FailureClass, type Logger, mayPass, type PartFailure, systemTiming } from '@abland/kernel';
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

export interface LeavingOptions {
  readonly name: string;
  readonly pool: pg.Pool;
  readonly logger: Logger;
}

/**
 * Looks after a part that leads until its run is over. While nobody stands by for it the part goes on trying: a lease that is
 * given back to nobody helps nobody.
 * @throws LeftToAnother
 */
export async function untilLeftToAnother(
  part: LedPart,
  { logger, name, pool }: LeavingOptions,
  over: AbortSignal,
): Promise<void> {
  const couldAnother = (): Promise<boolean> =>
    isStoodByFor(pool, name).catch((error: unknown) => {
      logger.debug({ err: error, part: name }, 'who stands by is not known');
      return false;
    });
  while (!over.aborted) {
    await systemTiming.pause(LOOK_MS, over);
    const failure = part.status?.().failure ?? null;
    if (over.aborted || failure === null || mayPass(failure.failureClass)) continue;
    if (!(await couldAnother())) continue;
    logger.error(
      { part: name, code: failure.code },
      'gives up the lead: it fails for good, and another stands by',
    );
    throw new LeftToAnother(failure);
  }
}
