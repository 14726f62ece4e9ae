import type { Logger } from '@abland/kernel';
import { inPatientTransaction, takeLeases } from '@abland/postgres';
import type { Pool } from 'pg';
import { definitionHash } from '../engine/ddl.js';
import type { Projection } from '../engine/projection.js';
import { isBeside, lockMeant, type NoteBuilds } from './acts.js';
import type { AskedBuild } from './ask-for-build.js';
import { leaseOfBuild } from '../engine/build.js';
import { readBuilds, readBuildsById, setBuildState } from '../engine/build-rows.js';
import { BuildOfAnotherVersionError, BuildStateError, unknownBuild } from './errors.js';
import { fateOf } from './lifecycle.js';

export interface SwitchBackOptions {
  readonly pool: Pool;
  readonly logger: Logger;
  readonly projection: Projection;
  /** Its number; absent: the only one that was live before. */
  readonly build?: number;
  readonly note?: NoteBuilds;
}

/**
 * Lets the build that was live before catch up with what it missed, and take the live one's place again once it is level.
 * @throws BuildOfAnotherVersionError where this program does not know its definition: one that does must be asked
 * @throws UnknownBuildError where nothing was kept; BuildStateError where another of its definition stands beside
 */
export async function askForSwitchBack({
  build: id,
  logger,
  note,
  pool,
  projection,
}: SwitchBackOptions): Promise<AskedBuild> {
  const { name } = projection;
  return inPatientTransaction(pool, async (client) => {
    const build = await lockMeant(client, 'SWITCH_BACK', name, id);
    const fate = fateOf('SWITCH_BACK', build);
    if (build.definition !== definitionHash(projection)) {
      throw new BuildOfAnotherVersionError(
        `Build ${build.id} of ${name} was made by another version of this program: switch back with that version`,
        { projection: name, build: build.id },
      );
    }
    const builds = await readBuilds(client);
    const rival = builds.find(
      (one) => one.projection === name && isBeside(one) && one.definition === build.definition,
    );
    if (rival !== undefined) {
      throw new BuildStateError(`Build ${rival.id} of ${name} is ${rival.state}: discard it first`, {
        ...{ projection: name, build: rival.id, state: rival.state },
      });
    }
    if (fate !== 'GONE') await setBuildState(client, build.id, fate, true);
    await note?.(client, [build]);
    // Before anybody else knows that it is to be kept, so that it is ours.
    const lead = await takeLeases({ pool, logger, names: [leaseOfBuild(build.id)] });
    const [begun] = await readBuildsById(client, [build.id]);
    if (begun === undefined) throw unknownBuild(name, build.id);
    return { build: begun, lead };
  });
}
