import type { EventStore, PartStatus, Position } from '@abland/kernel';
import { projectionStatus, type ProjectionStatus } from '@abland/projections';
import type pg from 'pg';

export interface ProjectorStatus {
  /** Newest position of the log; null where it is empty. */
  readonly head: Position | null;
  readonly projections: readonly ProjectionStatus[];
  /** Of this projector, which may stand by for another. */
  readonly runner: PartStatus;
}

export async function projectorStatus(
  pool: pg.Pool,
  store: EventStore,
  runner: PartStatus,
): Promise<ProjectorStatus> {
  const head = await store.head();
  return { head, projections: await projectionStatus(pool, head), runner };
}

/** Whether all read models follow the log at its head, here or in another projector. */
export function isReady({ projections, runner }: ProjectorStatus): boolean {
  return (
    runner.failure === null && projections.every(({ state }) => state === 'LIVE' || state === 'REBUILDING')
  );
}
