import { type EventStore, isWell, type PartStatus, type Position } from '@abland/kernel';
import { pulseOf, undoneParts } from '@abland/postgres';
import { projectionStatus, type ProjectionStatus } from '@abland/projections';
import type pg from 'pg';

export interface ProjectorStatus {
  /** Newest position of the log; null where it is empty. */
  readonly head: Position | null;
  readonly projections: readonly ProjectionStatus[];
  /** Of this projector, which may stand by for another. */
  readonly runner: PartStatus;
  /** Parts that this projector stands by for while no other one tells that it does them: what they left behind says nothing of now. */
  readonly undone: readonly string[];
}

export async function projectorStatus(
  pool: pg.Pool,
  store: EventStore,
  runner: PartStatus,
): Promise<ProjectorStatus> {
  const head = await store.head();
  const undone = await undoneParts(pool, [pulseOf(runner)]);
  return { head, projections: await projectionStatus(pool, head), runner, undone };
}

/** Whether all that is live follows the log at its head, here or in another projector. */
export function isReady({ projections, runner, undone }: ProjectorStatus): boolean {
  const done = isWell(runner) && undone.length === 0;
  return done && projections.every(({ state, target }) => target === 'rebuild' || state === 'LIVE');
}
