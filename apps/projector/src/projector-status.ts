import type { IngesterStatus } from '@abland/chain';
import type { EventStore, Position } from '@abland/kernel';
import type { ProcessStatus, RunningProcess } from '@abland/processes';
import { projectionStatus, type ProjectionStatus } from '@abland/projections';
import type pg from 'pg';

export interface ProjectorStatus {
  /** Newest position of the log; null where it is empty. */
  readonly head: Position | null;
  /** Null while another projector ingests. */
  readonly ingester: IngesterStatus | null;
  readonly projections: readonly ProjectionStatus[];
  readonly processes: readonly ProcessStatus[];
}

export interface StatusSources {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly processes: readonly RunningProcess[];
  readonly ingester: IngesterStatus | null;
}

export async function projectorStatus(sources: StatusSources): Promise<ProjectorStatus> {
  const { pool, store } = sources;
  const head = await store.head();
  const [projections, processes] = await Promise.all([
    projectionStatus(pool, head),
    Promise.all(sources.processes.map((process) => process.status())),
  ]);
  return { head, ingester: sources.ingester, projections, processes };
}

/** Whether everything follows the log at its head, here or in another projector. */
export function isReady({ ingester, projections, processes }: ProjectorStatus): boolean {
  const ingesting = ingester === null || ingester.failure === null;
  const projecting = projections.every(({ state }) => state === 'LIVE' || state === 'REBUILDING');
  const settling = processes.every(({ failure, leading, live }) => failure === null && (!leading || live));
  return ingesting && projecting && settling;
}
