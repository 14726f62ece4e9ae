import {
  type Logger,
  type PartRun,
  type Running,
  supervise,
  type Supervised,
  orAborted,
} from '@abland/kernel';
import type pg from 'pg';
import { concernsAll, postgresFailureClassOf } from '../connections/failure-classes.js';
import type { Lease } from './lease-rows.js';
import { LeavingLead, LeftToAnother } from './left-to-another.js';
import { type HeldLease, takeLease } from './take-lease.js';

/** What runs under the lease; where it tells how it is, it is left to another once it cannot do what another may. */
export type LedPart = Running & Partial<Pick<Supervised, 'status'>>;

export interface AloneOptions {
  /** Names the lease, and the part in the pulses of its programs: never changes. */
  readonly name: string;
  readonly pool: pg.Pool;
  readonly logger: Logger;
  /** Given the lease that it runs by: its epoch is what others are told who runs. */
  readonly start: (lease: Lease) => Promise<LedPart>;
  /** Milliseconds after which an instance that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
  /** Milliseconds without a sign of the leader after which another leads. */
  readonly leaseMs?: number;
  /** Milliseconds that an instance leaves the lead alone after it failed for good. */
  readonly failedPauseMs?: number;
}

/**
 * Runs a part in one program at a time; the others stand by, and one of them leads where the leader fails again and again in a way
 * that no repetition helps, as one that was told other contracts does. Where it fails for want of something, or by a defect, it is started
 * again; a refusal, which needs a person, ends it, but for those that are met whatever is asked: of a log which is not the one that is
 * known, and of a database or a store that does not let us in any more.
 */
export function startAlone(options: AloneOptions): Supervised {
  const { failedPauseMs, leaseMs, logger, name, pool, standbyIntervalMs } = options;
  const lease = { name, pool, logger, ...(leaseMs === undefined ? {} : { ttlMs: leaseMs }) };
  const leaving = new LeavingLead(options);
  return supervise<HeldLease>(
    { name, lead: () => takeLease(lease), run: (run) => runUntilAborted(options.start, leaving, run) },
    {
      logger,
      classify: postgresFailureClassOf,
      endsOn: (error, failureClass) => failureClass === 'WRONG' && !isWaitedFor(error),
      ...(failedPauseMs === undefined ? {} : { failedPauseMs }),
      ...(standbyIntervalMs === undefined ? {} : { standbyPauseMs: standbyIntervalMs }),
    },
  );
}

/** The right log may be put back, a password too; until then nothing is written, and the state says why. */
const isWaitedFor = (error: unknown): boolean => error instanceof LeftToAnother || concernsAll(error);

/** Rejects where the part ends by itself, and where it is left to another. */
async function runUntilAborted(
  start: AloneOptions['start'],
  leaving: LeavingLead,
  run: PartRun<HeldLease>,
): Promise<void> {
  const part = await start(run.lead.lease);
  run.progress();
  const over = new AbortController();
  try {
    await Promise.race([orAborted(part.ended, run.signal), leaving.untilLeft(part, over.signal)]);
  } finally {
    over.abort();
    await part.stop();
  }
}
