import { inPatientTransaction } from '@abland/postgres';
import type { ClientBase, Pool, PoolClient } from 'pg';
import type { Build } from '../engine/build.js';
import { dropBuild } from './build-schema.js';
import { lockBuilds, readBuilds, setBuildState } from '../engine/build-rows.js';
import { unknownBuild } from './errors.js';
import { type BuildAct, buildMeant, fateOf } from './lifecycle.js';

export interface ActOnBuild {
  readonly pool: Pool;
  readonly projection: string;
  /** Its number; absent: the only one to which it can be done. */
  readonly build?: number;
  readonly note?: NoteBuilds;
}

/** Called in the transaction that does it to these builds; what it throws undoes that. */
export type NoteBuilds = (client: ClientBase, builds: readonly Pick<Build, 'id'>[]) => Promise<void>;

/**
 * Pauses, resumes or discards a build. Who keeps it learns of it before its next batch.
 * @throws BuildStateError, UnknownBuildError, AmbiguousBuildError: nothing was changed
 */
export async function actOnBuild(
  act: Exclude<BuildAct, 'PROMOTE' | 'SWITCH_BACK'>,
  { build: id, note, pool, projection }: ActOnBuild,
): Promise<Build> {
  return inPatientTransaction(pool, async (client) => {
    const build = await lockMeant(client, act, projection, id);
    const fate = fateOf(act, build);
    if (fate === 'GONE') await dropBuild(client, build);
    else await setBuildState(client, build.id, fate);
    await note?.(client, [build]);
    return build;
  });
}

/** Neither live nor kept from before. */
export const isBeside = ({ state }: Pick<Build, 'state'>): boolean => state !== 'LIVE' && state !== 'RETIRED';

/** As it is once it is locked. */
export async function lockMeant(
  client: PoolClient,
  act: BuildAct,
  projection: string,
  id?: number,
): Promise<Build> {
  const meant = buildMeant(act, projection, await readBuilds(client), id);
  const [build] = await lockBuilds(client, [meant.id]);
  if (build === undefined) throw unknownBuild(projection, meant.id);
  return build;
}
