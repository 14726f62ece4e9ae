import {
  type Logger,
  LogMismatchError,
  type PartRun,
  type Running,
  supervise,
  type Supervised,
  orAborted,
} from '@abland/kernel';
import type pg from 'pg';
import { isRefusedByDatabase, postgresFailureClassOf } from '../connections/failure-classes.js';
import type { Lease } from './lease-rows.js';
import { type HeldLease, takeLease } from './take-lease.js';

export interface AloneOptions {
  /** Names the lease: never changes. */
  readonly name: string;
  readonly pool: pg.Pool;
  readonly logger: Logger;
  /** Given the lease that it runs by: its epoch is what others are told who runs. */
  readonly start: (lease: Lease) => Promise<Running>;
  /** Milliseconds after which an instance that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
  /** Milliseconds without a sign of the leader after which another leads. */
  readonly leaseMs?: number;
}

/**
 * Runs a part in one program at a time; the others stand by. Where it fails for want of something, or by a defect, it is started
 * again; a refusal, which needs a person, ends it, but for that of a log which is not the one that is known, and of a database that
 * does not let us in any more.
 */
export function startAlone(options: AloneOptions): Supervised {
  const { leaseMs, logger, name, pool, standbyIntervalMs, start } = options;
  const lease = { name, pool, logger, ...(leaseMs === undefined ? {} : { ttlMs: leaseMs }) };
  return supervise<HeldLease>(
    { name, lead: () => takeLease(lease), run: (run) => runUntilAborted(start, run) },
    {
      logger,
      classify: postgresFailureClassOf,
      endsOn: (error, failureClass) => failureClass === 'WRONG' && !isWaitedFor(error),
      ...(standbyIntervalMs === undefined ? {} : { standbyPauseMs: standbyIntervalMs }),
    },
  );
}

/** The right log may be put back, a password too; until then nothing is written, and the state says why. */
const isWaitedFor = (error: unknown): boolean =>
  error instanceof LogMismatchError || isRefusedByDatabase(error);

/** Rejects where the part ends by itself. */
async function runUntilAborted(start: AloneOptions['start'], run: PartRun<HeldLease>): Promise<void> {
  const part = await start(run.lead.lease);
  run.progress();
  try {
    await orAborted(part.ended, run.signal);
  } finally {
    await part.stop();
  }
}
