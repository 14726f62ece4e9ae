import {
  type Clock,
  type EventStore,
  invariant,
  type Logger,
  type Position,
  type Supervised,
} from '@abland/kernel';
import type { Pool } from 'pg';
import { actOnBuild, type NoteBuilds } from './builds/acts.js';
import { askForBuild, requireLead } from './builds/ask-for-build.js';
import type { Build } from './engine/build.js';
import { type BuildAct, buildMeant, fateOf } from './builds/lifecycle.js';
import { prepareProjections, type PrepareOptions } from './builds/prepare.js';
import { promote } from './builds/promote.js';
import { askForSwitchBack } from './builds/switch-back.js';
import { readBuilds } from './engine/build-rows.js';
import { checksumTables, type StateChecksum } from './engine/checksum.js';
import {
  carryThrough,
  giveAllBack,
  type Leads,
  type RebuildOutcome,
  type RebuildProgress,
  seeThrough,
} from './builds/rebuild.js';
import { replayInto } from './builds/replay.js';
import { runProjections } from './builds/runner.js';
import { parkedEventsOf, parkedEventsSql, type ParkedByProjection } from './builds/status.js';
import { projectionNamed, PROJECTIONS } from './projections.js';
import { notYetLive } from './read-model/live-versions.js';
import { migrateReconciliation } from './reconciliation/progress-book.js';

/** Names of the read models, each rebuilt by itself. */
export const PROJECTION_NAMES: readonly string[] = PROJECTIONS.map(({ name }) => name);

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
  /** Events folded at once while catching up; bounds memory. */
  readonly batchSize?: number;
  /** Milliseconds for which earlier states can be read; default 90 days. */
  readonly journalKeptMs?: number;
  readonly standbyPauseMs?: number;
  /** Milliseconds before what no repetition helps is tried again. */
  readonly failedPauseMs?: number;
  /** Subscriptions at a time, each with a connection of its own besides the pool; default 2. */
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

export interface BuildActOptions {
  readonly pool: Pool;
  /** One of PROJECTION_NAMES. */
  readonly projection: string;
  /** The number of the build; absent: the only one to which it can be done. */
  readonly build?: number;
  readonly note?: NoteBuilds;
}

/**
 * Pauses a build, lets it go on, or drops it with all its tables. A running projector does as told within a moment.
 * @throws UnknownProjectionError, UnknownBuildError, AmbiguousBuildError, BuildStateError: nothing was changed
 */
export async function changeBuild(
  act: Exclude<BuildAct, 'PROMOTE' | 'SWITCH_BACK'>,
  options: BuildActOptions,
): Promise<Build> {
  projectionNamed(options.projection);
  return actOnBuild(act, options);
}

/**
 * The build that an act means, as it is now, which the act could be done to.
 * @throws as `changeBuild`; BuildBehindError for promoting one that is not level yet
 */
export async function meantBuild(
  act: BuildAct,
  { build: id, pool, projection }: Omit<BuildActOptions, 'note'>,
): Promise<Build> {
  projectionNamed(projection);
  const build = buildMeant(act, projection, await readBuilds(pool), id);
  fateOf(act, build);
  return build;
}

/**
 * Puts a build that is ready in the place of the live one. A projector must keep it up meanwhile.
 * @throws as `changeBuild`; BuildBehindError where it is not level with the live one
 */
export async function promoteBuild({
  pool,
  store,
  projection,
  build: id,
  note,
}: BuildActOptions & { readonly store: EventStore }): Promise<Build> {
  projectionNamed(projection);
  const build = buildMeant('PROMOTE', projection, await readBuilds(pool), id);
  await promote({ pool, store, note }, build);
  return build;
}

export interface ReplayReadModelsOptions {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly logger: Logger;
  readonly clock: Clock;
  /** The last event that counts. */
  readonly until: Position;
  /** The name of a schema that there is not yet. */
  readonly into: string;
  readonly onProgress?: (position: Position) => void;
}

/**
 * The read models as they were at a position of the log, however long ago, as tables of a schema of their own. What is live goes on.
 * @throws SchemaTakenError; then, as with any other failure, nothing is left
 */
export async function replayReadModels({ onProgress, ...options }: ReplayReadModelsOptions): Promise<void> {
  await replayInto({
    ...{
      ...options,
      projections: PROJECTIONS,
      batchSize: REPLAYED_AT_ONCE,
      cachedRowsMax: REPLAYED_ROWS_MAX,
    },
    onBatch: ({ batch }) => onProgress?.(batch.scannedTo),
  });
}

const REPLAYED_AT_ONCE = 10_000;
const REPLAYED_ROWS_MAX = 300_000;

/** Names of the read models whose live tables are not of this version: what is asked of them is refused until they are. */
export const notYetLiveProjections = (pool: Pool): Promise<readonly string[]> =>
  notYetLive(pool, PROJECTIONS);

/** Events that live projections left out, oldest first. */
export const parkedEvents = (pool: Pool, limit?: number): Promise<readonly ParkedByProjection[]> =>
  parkedEventsOf(pool, PROJECTION_NAMES, limit);

/** SELECT of them all, for who lists them with others: projection, event_id, position, stream, type, code, reason, defect, parked_at. */
export const PARKED_EVENTS_SQL = parkedEventsSql(PROJECTION_NAMES);

/** Checksums over the rows of one projection or of all, at one moment. */
export async function stateChecksum(pool: Pool, projection = 'all'): Promise<StateChecksum> {
  return checksumTables(pool, projection === 'all' ? PROJECTIONS : [projectionNamed(projection)]);
}
