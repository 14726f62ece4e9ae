import type { EventStore } from '@abland/kernel';
import type { Pool } from 'pg';
import { actOnBuild, type NoteBuilds } from './builds/acts.js';
import { type BuildAct, buildMeant, fateOf } from './builds/lifecycle.js';
import { promote } from './builds/promote.js';
import type { Build } from './engine/build.js';
import { readBuilds } from './engine/build-rows.js';
import { projectionNamed } from './projections.js';

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
