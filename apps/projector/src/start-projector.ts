import type { Clock, EventStore, Logger, Running } from '@abland/kernel';
import { type Pulse, pulseOf } from '@abland/postgres';
import { migrateProjections, startProjections } from '@abland/projections';
import type pg from 'pg';
import { type ProjectorStatus, projectorStatus } from './projector-status.js';

export interface ProjectorOptions {
  readonly store: EventStore;
  /** Of the read models. */
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds for which earlier states can be read; default 90 days. */
  readonly journalKeptMs?: number;
  /** Whether what a changed definition begins is promoted once it is level, without an operator; default: yes. */
  readonly promotesItself?: boolean;
  /** The most events that builds which are not live read in, each group of them; null or absent: as many as they can. */
  readonly buildEventsPerSecond?: number | null;
  /** Subscriptions at a time of what is live or being built; one more is for what is ready. */
  readonly groupsMax?: number;
}

export interface Projector extends Running {
  /** Of its one part, for other programs to see; how far each read model is stands in its checkpoint. */
  pulses(): readonly Pulse[];
  status(): Promise<ProjectorStatus>;
}

/** Keeps the read models. What another projector does already is left to it until it stops. */
export async function startProjector(options: ProjectorOptions): Promise<Projector> {
  const { pool, promotesItself = true, store } = options;
  await migrateProjections(pool, { promotesItself });
  const projections = startProjections(options);
  return {
    name: 'projector',
    ended: projections.ended,
    stop: () => projections.stop(),
    pulses: () => [pulseOf(projections.status())],
    status: () => projectorStatus(pool, store, projections.status()),
  };
}
