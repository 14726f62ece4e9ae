import { AblandError } from '@abland/kernel';
import { RebuildInProgressError, UnknownProjectionError } from '../engine/errors.js';

/** What was asked is not done to a build in its state. */
export class BuildStateError extends AblandError {
  readonly code = 'BUILD_STATE';
}

/** A build that has not seen all that the live one has. */
export class BuildBehindError extends AblandError {
  readonly code = 'BUILD_BEHIND';
  override readonly failureClass = 'LATER';
}

/** No such build, or none of the projection to which this can be done. */
export class UnknownBuildError extends AblandError {
  readonly code = 'UNKNOWN_BUILD';
}

export const unknownBuild = (projection: string, id: number): UnknownBuildError =>
  new UnknownBuildError(`There is no build ${id} of ${projection}`, { projection, build: id });

/** Several builds to which this can be done: one must be named. */
export class AmbiguousBuildError extends AblandError {
  readonly code = 'AMBIGUOUS_BUILD';
}

/** Another version of the program made it, and only such a one can do this. */
export class BuildOfAnotherVersionError extends AblandError {
  readonly code = 'BUILD_OF_ANOTHER_VERSION';
}

/** A replay has no schema of its own to go into. */
export class SchemaTakenError extends AblandError {
  readonly code = 'SCHEMA_TAKEN';
}

const REFUSALS = [
  AmbiguousBuildError,
  BuildBehindError,
  BuildOfAnotherVersionError,
  BuildStateError,
  RebuildInProgressError,
  UnknownBuildError,
  UnknownProjectionError,
];

/** Whether an operator's act was refused by what the builds are: nothing was changed, and its code says why. */
export const isBuildRefusal = (error: unknown): error is InstanceType<(typeof REFUSALS)[number]> =>
  REFUSALS.some((refusal) => error instanceof refusal);
