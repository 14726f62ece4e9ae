import type { Clock, EventStore, Logger, Supervised, Timing } from '@abland/kernel';
import type { Pool } from 'pg';
import { prepareProjections, type PrepareOptions } from './builds/prepare.js';
import { runProjections } from './builds/runner.js';
import { PROJECTIONS } from './projections.js';
import { notYetLive } from './read-model/live-versions.js';
import { migrateReconciliation } from './reconciliation/progress-book.js';

/**
 * Schemas `read_model`, `projections`, `reconciliation`, `leases` and those of the builds. A projection that has no tables begins them, and follows the
 * log from its start when next run; one whose definition changed begins them beside the live ones.
 */
export async function migrateProjections(pool: Pool, options: PrepareOptions = {}): Promise<void> {
  await prepareProjections(pool, PROJECTIONS, options);
  await migrateReconciliation(pool);
}

export interface StartProjectionsOptions {
  readonly store: EventStore;
  readonly pool: Pool;
  readonly logger: Logger;
  readonly clock: Clock;
  /** By which time passes; absent: the machine's. */
  readonly timing?: Pick<Timing, 'now'>;
  /** Events folded at once while catching up; bounds memory. */
  readonly batchSize?: number;
  /** Milliseconds for which earlier states can be read; default 90 days. */
  readonly journalKeptMs?: number;
  readonly standbyPauseMs?: number;
  /** Milliseconds before what no repetition helps is tried again. */
  readonly failedPauseMs?: number;
  /** Subscriptions at a time of what is live or being built, each with a connection of its own besides the pool; default 2. One more is for what is ready. */
  readonly groupsMax?: number;
  /** The most events that builds which are not live read in, each group of them; absent: as many as they can. */
  readonly buildEventsPerSecond?: number | null;
}

/**
 * Keeps every read model up to date until stopped; needs `migrateProjections` before. A second process stands by. After each
 * commit `NOTIFY read_model` tells what changed: `{"position": "<decimal>", "tables": ["pools", …]}`.
 */
export function startProjections(options: StartProjectionsOptions): Supervised {
  return runProjections({ ...options, projections: PROJECTIONS });
}

/** Names of the read models whose live tables are not of this version: what is asked of them is refused until they are. */
export const notYetLiveProjections = (pool: Pool): Promise<readonly string[]> =>
  notYetLive(pool, PROJECTIONS);
