import type { Logger } from '@abland/kernel';
import type { Pool } from 'pg';
import type { NoteBuilds } from './builds/acts.js';
import { beginAskedBuild } from './builds/ask-for-build.js';
import { type BuildDifferences, differencesOf, type DifferencesOptions } from './builds/differences.js';
import { type DifferenceReport, differenceReportsOf } from './builds/difference-reports.js';
import { askForSwitchBack } from './builds/switch-back.js';
import type { Build } from './engine/build.js';
import { projectionNamed } from './projections.js';

// What an operator asks for and a running projector carries out, through any restart of either.

export interface BeginRebuildOptions {
  readonly pool: Pool;
  /** One of PROJECTION_NAMES. */
  readonly projection: string;
  /** Who wants it, and why: kept with the build. */
  readonly askedBy: string;
  readonly reason: string;
  /** Whether it takes the live one's place by itself once it is level. */
  readonly promotesItself: boolean;
  readonly note?: NoteBuilds;
}

/**
 * Begins a build beside the live one.
 * @throws UnknownProjectionError, RebuildInProgressError, BuildOfAnotherVersionError: nothing was changed
 */
export async function beginRebuild(options: BeginRebuildOptions): Promise<Build> {
  return beginAskedBuild({ ...options, projection: projectionNamed(options.projection) });
}

export interface BeginSwitchBackOptions {
  readonly pool: Pool;
  readonly logger: Logger;
  /** One of PROJECTION_NAMES. */
  readonly projection: string;
  /** Its number; absent: the only one that was live before. */
  readonly build?: number;
  readonly note?: NoteBuilds;
}

/**
 * Lets what was live before catch up with what it missed, and take the live one's place again.
 * @throws UnknownProjectionError, UnknownBuildError, BuildStateError, BuildOfAnotherVersionError: nothing was changed
 */
export async function beginSwitchBack(options: BeginSwitchBackOptions): Promise<Build> {
  const projection = projectionNamed(options.projection);
  const { build, lead } = await askForSwitchBack({ ...options, projection });
  await lead?.release();
  return build;
}

/**
 * What readers would see otherwise once a build that is ready is promoted.
 * @throws UnknownProjectionError, and as `differencesOf`
 */
export async function buildDifferences(
  pool: Pool,
  name: string,
  options: DifferencesOptions = {},
): Promise<BuildDifferences> {
  return differencesOf(pool, projectionNamed(name), options);
}

/** What was found when builds of a projection were compared with what was live, the newest first. @throws UnknownProjectionError */
export const differenceReports = (
  pool: Pool,
  name: string,
  limit = REPORTS_READ,
): Promise<readonly DifferenceReport[]> => differenceReportsOf(pool, projectionNamed(name).name, limit);

const REPORTS_READ = 10;
