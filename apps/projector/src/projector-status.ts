import type { EventStore, Position } from '@abland/kernel';
import { projectionStatus, type ProjectionStatus } from '@abland/projections';
import type pg from 'pg';

export interface ProjectorStatus {
  /** Newest position of the log; null where it is empty. */
  readonly head: Position | null;
  readonly projections: readonly ProjectionStatus[];
}

export async function projectorStatus(pool: pg.Pool, store: EventStore): Promise<ProjectorStatus> {
  const head = await store.head();
  return { head, projections: await projectionStatus(pool, head) };
}

/** Whether all read models follow the log at its head, here or in another projector. */
export function isReady({ projections }: ProjectorStatus): boolean {
  return projections.every(({ state }) => state === 'LIVE' || state === 'REBUILDING');
}
