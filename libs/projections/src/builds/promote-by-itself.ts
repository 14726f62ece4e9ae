import type { Logger } from '@abland/kernel';
import { isStanding } from '@abland/postgres';
import type { Pool } from 'pg';
import type { Build } from '../engine/build.js';
import { readVerdicts } from './difference-reports.js';
import { promote, type PromoteOptions } from './promote.js';

export interface PromoteReadyOptions extends Pick<PromoteOptions, 'pool' | 'store'> {
  readonly logger: Logger;
  /** Before each of them. */
  readonly onTurn: () => void;
}

/** The live build, as far as it is a measure of what is to take its place. */
export interface Measure extends Pick<Build, 'id' | 'defects' | 'stands'> {
  /** Whether somebody keeps it up with the log. */
  readonly isKept: boolean;
}

/**
 * Whether a build takes the live one's place without an operator: it is ready and meant to, our code did not break on more events than
 * the live one's did, and they were compared and differ in nothing that the change of the definition does not explain. Where nobody
 * keeps the live one, or it cannot go on, what readers see grows older by the minute: that is not waited for. One that is older than the
 * live one was live before: an operator switches back to it, whatever differs.
 */
export function promotesByItself(
  { defects, id, promotesItself, state }: Pick<Build, 'id' | 'defects' | 'promotesItself' | 'state'>,
  live: Measure | undefined,
  isExplained: boolean | undefined,
): boolean {
  if (state !== 'READY' || !promotesItself) return false;
  if (live === undefined) return true;
  const canWait = live.isKept && !live.stands && id > live.id;
  return defects <= live.defects && (!canWait || isExplained === true);
}

/** Promotes those of the builds that are kept here. What is not to be had now is tried at the next look. Returns how many were. */
export async function promoteWhatIsReady(
  { logger, onTurn, pool, store }: PromoteReadyOptions,
  builds: readonly Build[],
  kept: readonly Build[],
): Promise<number> {
  const waiting = kept.filter(({ promotesItself, state }) => state === 'READY' && promotesItself);
  if (waiting.length === 0) return 0;
  const [verdicts, keptLive] = [await readVerdicts(pool), await readKept(pool)];
  let promoted = 0;
  for (const build of waiting) {
    const live = builds.find(({ projection, state }) => projection === build.projection && state === 'LIVE');
    const measure = live === undefined ? undefined : { ...live, isKept: keptLive.has(live.id) };
    if (!promotesByItself(build, measure, verdicts.get(build.id))) continue;
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

/** Numbers of the builds that somebody keeps, here or elsewhere. */
async function readKept(pool: Pool): Promise<ReadonlySet<number>> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT b.id FROM projections.builds b JOIN leases.leases l ON l.name = 'build-' || b.id AND ${isStanding('l')}`,
  );
  return new Set(rows.map(({ id }) => Number(id)));
}
