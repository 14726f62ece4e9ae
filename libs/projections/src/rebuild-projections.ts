import { type Clock, type EventStore, invariant, type Logger } from '@abland/kernel';
import type { Pool } from 'pg';
import type { NoteBuilds } from './builds/acts.js';
import { askForBuild, requireLead } from './builds/ask-for-build.js';
import {
  carryThrough,
  giveAllBack,
  type Leads,
  type RebuildOutcome,
  type RebuildProgress,
  seeThrough,
} from './builds/rebuild.js';
import { askForSwitchBack } from './builds/switch-back.js';
import type { Build } from './engine/build.js';
import { projectionNamed } from './projections.js';

export interface RebuildProjectionsOptions {
  readonly pool: Pool;
  readonly store: EventStore;
  /** Of PROJECTION_NAMES. */
  readonly projections: readonly string[];
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Events folded at once; bounds memory. */
  readonly batchSize?: number;
  /** Events that are stored at once, which a restart folds once more; default 100,000. */
  readonly storeEvery?: number;
  /** Rows kept in memory; above it those that were changed longest ago are let go. */
  readonly cachedRowsMax?: number;
  /** As in StartProjectionsOptions. */
  readonly journalKeptMs?: number;
  /** Stops between two batches; the next call goes on from there, or a projector does. */
  readonly signal?: AbortSignal;
  /** Who wants it, and why: kept with the build. */
  readonly askedBy?: string;
  readonly reason?: string;
  /** Of all that was built, in the transaction that puts the last of it in place. */
  readonly note?: NoteBuilds;
}

export interface RebuildProjectionOptions extends Omit<RebuildProjectionsOptions, 'projections'> {
  /** One of PROJECTION_NAMES. */
  readonly projection: string;
}

/**
 * Builds read models anew from the log, all in one pass over it, beside the live ones, and puts them in their place, while the
 * live ones are used and kept up to date; what was live is kept for a switch back. Goes on with what was begun before by the same
 * definition.
 * @throws UnknownProjectionError
 * @throws RebuildInProgressError where another process builds one of them
 * @throws BuildOfAnotherVersionError where a newer version's is live
 */
export async function rebuildProjections(
  options: RebuildProjectionsOptions,
): Promise<readonly RebuildOutcome[]> {
  const { askedBy = 'program', reason = 'a rebuild' } = options;
  const projections = options.projections.map(projectionNamed);
  const leads: Leads = new Map();
  const builds: Build[] = [];
  try {
    for (const projection of projections) {
      const asked = await askForBuild({ ...options, projection, askedBy, reason, promotesItself: true });
      builds.push(asked.build);
      leads.set(asked.build.id, await requireLead(options, asked));
    }
    return await carryThrough({ ...options, projections }, builds, leads);
  } finally {
    await giveAllBack(leads, options.logger);
  }
}

/** As `rebuildProjections`, of one. */
export async function rebuildProjection({
  projection,
  ...options
}: RebuildProjectionOptions): Promise<RebuildOutcome> {
  return theOnly(await rebuildProjections({ ...options, projections: [projection] }));
}

/**
 * Puts what was live before in the place of what is, once it has caught up with what it missed, here or where it is kept already.
 * @throws UnknownBuildError where nothing was kept
 * @throws BuildOfAnotherVersionError where another version made it
 */
export async function switchBackProjection(options: RebuildProjectionOptions): Promise<RebuildOutcome> {
  const projection = projectionNamed(options.projection);
  const { build, lead } = await askForSwitchBack({ ...options, projection });
  return seeThrough({ ...options, projections: [projection] }, build, lead);
}

function theOnly(outcomes: readonly RebuildOutcome[]): RebuildOutcome {
  const [outcome] = outcomes;
  invariant(outcome !== undefined, 'One build has one outcome');
  return outcome;
}
