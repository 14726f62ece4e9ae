import type { Clock, EventStore, Logger, Supervised } from '@abland/kernel';
import type { Pool } from 'pg';
import { checksumTables, type StateChecksum } from './engine/checksum.js';
import { UnknownProjectionError } from './engine/errors.js';
import { prepareProjections } from './engine/migrations.js';
import type { Projection } from './engine/projection.js';
import { rebuildTables, type RebuildOutcome, type RebuildProgress } from './engine/rebuild.js';
import { runProjections } from './engine/runner.js';
import { PROJECTIONS } from './projections.js';
import { migrateReconciliation } from './reconciliation/progress-book.js';

/** Names of the read models, each rebuilt by itself. */
export const PROJECTION_NAMES: readonly string[] = PROJECTIONS.map((projection) => projection.name);

/**
 * Schemas `read_model`, `projections`, `reconciliation` and `leases`. A projection whose tables are gone or were defined otherwise is emptied, and follows
 * the log from its start when next run.
 */
export async function migrateProjections(pool: Pool): Promise<void> {
  await prepareProjections(pool, PROJECTIONS);
  await migrateReconciliation(pool);
}

export interface StartProjectionsOptions {
  readonly store: EventStore;
  readonly pool: Pool;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Events folded at once while catching up; bounds memory. */
  readonly batchSize?: number;
  /** Milliseconds for which the pages of a list go on in the state that the first one was of; default 15 minutes. */
  readonly journalKeptMs?: number;
  readonly standbyPauseMs?: number;
  /** Milliseconds before what no repetition helps is tried again. */
  readonly failedPauseMs?: number;
}

/**
 * Keeps every read model up to date until stopped; needs `migrateProjections` before. A second process stands by. After each
 * commit `NOTIFY read_model` tells what changed: `{"position": "<decimal>", "tables": ["pools", …]}`.
 */
export function startProjections(options: StartProjectionsOptions): Supervised {
  return runProjections({ ...options, projections: PROJECTIONS });
}

export interface RebuildProjectionOptions {
  readonly pool: Pool;
  readonly store: EventStore;
  /** One of PROJECTION_NAMES. */
  readonly projection: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Events folded at once; bounds memory. */
  readonly batchSize?: number;
  /** As in StartProjectionsOptions. */
  readonly journalKeptMs?: number;
  /** Stops between two batches; the next call goes on from there. */
  readonly signal?: AbortSignal;
}

/**
 * Builds a read model anew from the log beside the live one and puts it in its place, while the live one is used and kept up
 * to date.
 * @throws UnknownProjectionError
 * @throws RebuildInProgressError where another process rebuilds it
 */
export async function rebuildProjection(options: RebuildProjectionOptions): Promise<RebuildOutcome> {
  return rebuildTables({ ...options, projection: projectionNamed(options.projection) });
}

/** Checksums over the rows of one projection or of all, at one moment. */
export async function stateChecksum(pool: Pool, projection = 'all'): Promise<StateChecksum> {
  return checksumTables(pool, projection === 'all' ? PROJECTIONS : [projectionNamed(projection)]);
}

function projectionNamed(name: string): Projection {
  const found = PROJECTIONS.find((projection) => projection.name === name);
  if (found === undefined) {
    throw new UnknownProjectionError(`There is no projection ${name}`, {
      projection: name,
      known: PROJECTION_NAMES,
    });
  }
  return found;
}
