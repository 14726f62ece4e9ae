import type { Logger } from '@abland/kernel';
import type { Build } from '../engine/build.js';
import { promote, type PromoteOptions } from './promote.js';

export interface PromoteReadyOptions extends Pick<PromoteOptions, 'pool' | 'store'> {
  readonly logger: Logger;
  /** Before each of them. */
  readonly onTurn: () => void;
}

/**
 * Whether a build takes the live one's place without an operator: it is ready and meant to, and our code did not break on more
 * events than the live one's did.
 */
export function promotesByItself(
  { defects, promotesItself, state }: Pick<Build, 'defects' | 'promotesItself' | 'state'>,
  live: Pick<Build, 'defects'> | undefined,
): boolean {
  return state === 'READY' && promotesItself && (live === undefined || defects <= live.defects);
}

/** Promotes those of the builds that are kept here. What is not to be had now is tried at the next look. Returns how many were. */
export async function promoteWhatIsReady(
  { logger, onTurn, pool, store }: PromoteReadyOptions,
  builds: readonly Build[],
  kept: readonly Build[],
): Promise<number> {
  let promoted = 0;
  for (const build of kept) {
    const live = builds.find(({ projection, state }) => projection === build.projection && state === 'LIVE');
    if (!promotesByItself(build, live)) continue;
    const { id, projection } = build;
    onTurn();
    try {
      await promote({ pool, store, attemptsMax: 1 }, build);
      promoted += 1;
      logger.info({ build: id, projection }, 'a build was promoted');
    } catch (error) {
      logger.info({ err: error, build: id, projection }, 'a build is not promoted yet');
    }
  }
  return promoted;
}
