import type { Build, BuildState } from '../engine/build.js';
import {
  AmbiguousBuildError,
  BuildBehindError,
  BuildStateError,
  unknownBuild,
  UnknownBuildError,
} from './errors.js';

/** What an operator does with a build. */
export type BuildAct = 'PAUSE' | 'RESUME' | 'PROMOTE' | 'SWITCH_BACK' | 'DISCARD';

/** What is asked of a build; to compare it with the live one changes nothing. */
export type AskedOfBuild = BuildAct | 'COMPARE';

/** What becomes of it: its next state, or that it is no more. */
export type BuildFate = BuildState | 'GONE';

/** A switch back is a promotion of what has first to catch up with what it missed. */
const FATES: Readonly<Record<AskedOfBuild, Readonly<Partial<Record<BuildState, BuildFate>>>>> = {
  PAUSE: { BUILDING: 'PAUSED', READY: 'PAUSED' },
  RESUME: { PAUSED: 'BUILDING', FAILED: 'BUILDING' },
  PROMOTE: { READY: 'LIVE' },
  COMPARE: { READY: 'READY' },
  SWITCH_BACK: { RETIRED: 'BUILDING' },
  DISCARD: { BUILDING: 'GONE', PAUSED: 'GONE', READY: 'GONE', FAILED: 'GONE', RETIRED: 'GONE' },
};

type ActedOn = Pick<Build, 'id' | 'projection' | 'state'>;

/**
 * What an act makes of a build.
 * @throws BuildBehindError for promoting or comparing one that is not level yet
 * @throws BuildStateError for whatever else is not done to one in its state
 */
export function fateOf(act: AskedOfBuild, build: ActedOn): BuildFate {
  const fate = FATES[act][build.state];
  if (fate !== undefined) return fate;
  const { id, projection, state } = build;
  const details = { act, build: id, projection, state };
  if ((act === 'PROMOTE' || act === 'COMPARE') && state === 'BUILDING')
    throw new BuildBehindError(`Build ${id} of ${projection} is not level with the log yet`, details);
  throw new BuildStateError(`Build ${id} of ${projection} is ${state}: ${NOT_DONE[act]}`, details);
}

const NOT_DONE: Readonly<Record<AskedOfBuild, string>> = {
  PAUSE: 'only one that is building or ready can be paused',
  RESUME: 'only one that is paused or has failed can be resumed',
  PROMOTE: 'only one that is ready can be promoted',
  COMPARE: 'only one that is ready can be compared with the live one',
  SWITCH_BACK: 'only one that was live before can be switched back to',
  DISCARD: 'the live one cannot be discarded',
};

/**
 * The build of a projection that an act means: the one that is named, or the only one to which it can be done.
 * @throws UnknownBuildError, AmbiguousBuildError, and what `fateOf` throws where there is one build besides the live one
 */
export function buildMeant<B extends ActedOn>(
  act: AskedOfBuild,
  projection: string,
  builds: readonly B[],
  id?: number,
): B {
  const ofProjection = builds.filter((build) => build.projection === projection);
  if (id !== undefined) return named(projection, ofProjection, id);
  const possible = ofProjection.filter(({ state }) => FATES[act][state] !== undefined);
  const [only, another] = possible;
  if (only === undefined) return nothingFor(act, projection, ofProjection);
  if (another !== undefined) {
    throw new AmbiguousBuildError(`Several builds of ${projection}: say which by its number`, {
      projection,
      builds: possible.map((build) => build.id),
    });
  }
  return only;
}

function named<B extends ActedOn>(projection: string, builds: readonly B[], id: number): B {
  const found = builds.find((build) => build.id === id);
  if (found !== undefined) return found;
  throw unknownBuild(projection, id);
}

function nothingFor<B extends ActedOn>(act: AskedOfBuild, projection: string, builds: readonly B[]): B {
  const beside = builds.filter(({ state }) => state !== 'LIVE');
  const [one] = beside;
  if (one !== undefined && beside.length === 1) fateOf(act, one);
  throw new UnknownBuildError(`${projection} has no build of which ${ASKED[act]}`, { act, projection });
}

const ASKED: Readonly<Record<AskedOfBuild, string>> = {
  PAUSE: 'anything could be paused',
  RESUME: 'anything could be resumed',
  PROMOTE: 'anything could be promoted',
  COMPARE: 'anything could be compared with the live one',
  SWITCH_BACK: 'it is known that it was live before',
  DISCARD: 'anything could be discarded',
};
