import type { Position } from '@abland/kernel';
import { lockBuilds } from './build-rows.js';
import { CheckpointMovedError } from './errors.js';
import type { TimeLeft } from './pace.js';
import { park } from './park.js';
import type { ProjectionRun } from './projection-run.js';
import type { Session } from './session.js';

/**
 * Locks the runs' builds until the transaction ends, always in the same order.
 * @throws CheckpointMovedError where one is not as its run knows it
 */
export async function lockCheckpoints(session: Session, runs: readonly ProjectionRun[]): Promise<void> {
  const expected = runs.map(({ storedPosition }) => storedPosition); // another is stored while this is answered
  const builds = await lockBuilds(
    session,
    runs.map((run) => run.id),
  );
  const stored = new Map(builds.map((build) => [build.id, build]));
  for (const [index, run] of runs.entries()) {
    const build = stored.get(run.id);
    if (build?.generation !== run.generation || build.position !== expected[index]) {
      throw new CheckpointMovedError(
        `Build ${run.id} of ${run.projection.name} was changed by another process`,
        {
          projection: run.projection.name,
          build: run.id,
        },
      );
    }
  }
}

export interface Progress {
  /** Whether this batch ends at the end of the log. */
  readonly live: boolean;
  readonly eventsPerSecond: number;
  /** The newest position of the log that is known; null: none is. */
  readonly head: Position | null;
  /** To that position; null: not known. */
  readonly timeLeft: TimeLeft | null;
  /** Resident, of this process. */
  readonly memoryBytes: number;
}

/** Stores the runs' checkpoints and the events that they left out. A build that is level, with its indexes, is ready. */
export function writeCheckpoints(
  session: Session,
  runs: readonly ProjectionRun[],
  progress: Progress,
): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [
    session.query({
      name: 'write-checkpoints',
      text: `UPDATE projections.builds b
             SET position = m.position, last_event = m.last_event, finalized = m.finalized, handled = m.handled,
               defects = m.defects, parked = m.parked, kept_from = greatest(b.kept_from, m.kept_from),
               -- What was pruned since is newer than what this run let go.
               kept_from_of_chain = (
                 SELECT coalesce(jsonb_object_agg(chain,
                   greatest((b.kept_from_of_chain ->> chain)::numeric, (m.kept_from_of_chain ->> chain)::numeric)::text), '{}')
                 FROM jsonb_object_keys(b.kept_from_of_chain || m.kept_from_of_chain) chain),
               state = CASE WHEN b.state = 'BUILDING' AND b.indexed AND $9 THEN 'READY' ELSE b.state END,
               activity = CASE WHEN $9 THEN 'LIVE' ELSE 'CATCHING_UP' END, last_error = NULL,
               events_per_second = $10, target = $11, seconds_left = $13, seconds_left_within = $14, memory_bytes = $15,
               violations = b.violations + m.violations, last_violation = coalesce(m.last_violation, b.last_violation),
               updated_at = now()
             FROM unnest($1::bigint[], $2::numeric[], $3::jsonb[], $4::jsonb[], $5::bigint[], $6::bigint[], $7::bigint[], $8::numeric[], $12::jsonb[],
               $16::bigint[], $17::text[])
               AS m(id, position, last_event, finalized, handled, defects, parked, kept_from, kept_from_of_chain, violations, last_violation)
             WHERE b.id = m.id`,
      values: [
        runs.map((run) => run.id),
        runs.map((run) => run.position?.toString() ?? null),
        runs.map((run) => (run.lastEvent === null ? null : JSON.stringify(run.lastEvent))),
        runs.map((run) => JSON.stringify(Object.fromEntries(run.finalized))),
        runs.map((run) => run.handled),
        runs.map((run) => run.defects),
        runs.map((run) => run.parkedBefore + run.parked.length),
        runs.map((run) => run.keptFrom.all),
        progress.live,
        Math.round(progress.eventsPerSecond),
        progress.head?.toString() ?? null,
        runs.map((run) => JSON.stringify(run.keptFrom.chains)),
        progress.timeLeft?.seconds ?? null,
        progress.timeLeft?.within ?? null,
        progress.memoryBytes,
        runs.map((run) => run.violations.count),
        runs.map((run) => run.violations.last),
      ],
    }),
  ];
  for (const run of runs) {
    run.storedPosition = run.position;
    run.violations = { count: 0, last: null };
  }
  return [...sent, ...runs.flatMap((run) => park(session, run))];
}
