import {
  type FailureClass,
  type Logger,
  type PartRun,
  type Running,
  supervise,
  whenAborted,
} from '@abland/kernel';
import type pg from 'pg';
import { postgresFailureClassOf } from '../connections/failure.js';
import { takeLease } from './take-lease.js';

export interface AloneOptions {
  /** Names the lease: never changes. */
  readonly name: string;
  readonly pool: pg.Pool;
  readonly logger: Logger;
  readonly start: () => Promise<Running>;
  /** Milliseconds after which an instance that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
  /** Milliseconds without a sign of the leader after which another leads. */
  readonly leaseMs?: number;
}

/**
 * Runs a part in one program at a time; the others stand by. Where starting it fails for want of something it is tried again;
 * what ends the part itself ends this one.
 */
export function startAlone(options: AloneOptions): Running {
  const { leaseMs, logger, name, pool, standbyIntervalMs, start } = options;
  const lease = { name, pool, logger, ...(leaseMs === undefined ? {} : { ttlMs: leaseMs }) };
  return supervise(
    { name, lead: () => takeLease(lease), run: (run) => runUntilAborted(start, run) },
    {
      logger,
      classify: postgresFailureClassOf,
      endsOn: (_error, failureClass) => NEVER_PASSING.has(failureClass),
      ...(standbyIntervalMs === undefined ? {} : { standbyPauseMs: standbyIntervalMs }),
    },
  );
}

const NEVER_PASSING: ReadonlySet<FailureClass> = new Set(['WRONG', 'OURS']);

/** Rejects where the part ends by itself. */
async function runUntilAborted(start: () => Promise<Running>, run: PartRun): Promise<void> {
  const part = await start();
  run.progress();
  try {
    await Promise.race([part.ended, whenAborted(run.signal)]);
  } finally {
    await part.stop();
  }
}
