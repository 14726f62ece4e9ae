import { type EventStore, isInLog, systemTiming } from '@abland/kernel';
import { inPatientTransaction } from '@abland/postgres';
import type { ClientBase, Pool } from 'pg';
import { tell } from '../engine/batch.js';
import { lastHandledBy } from '../engine/projection-run.js';
import type { Build } from '../engine/build.js';
import type { NoteBuilds } from './acts.js';
import { dropBuild } from './build-schema.js';
import { endComparison } from './comparer.js';
import { lockBuilds, lockBuildsOf, readBuilds, readBuildsById, setBuildState } from '../engine/build-rows.js';
import { BuildBehindError, unknownBuild } from './errors.js';
import { fateOf } from './lifecycle.js';
import { hideBuild, showBuild, tablesOf } from './views.js';

/** For the build to come to where the live one was stopped: as long nothing new is seen. */
const LEVEL_WITHIN_MS = 1_000;
const LOOK_AGAIN_MS = 5;

export interface PromoteOptions {
  readonly pool: Pool;
  readonly store: EventStore;
  /** How often it is tried where readers are in the way. */
  readonly attemptsMax?: number;
  readonly note?: NoteBuilds | undefined;
  /** Milliseconds for the build to come to where the live one was stopped; default: a second. */
  readonly levelWithinMs?: number | undefined;
}

/**
 * Puts a build that is ready in the place of the live one, which is kept for a switch back; what was kept until now is dropped.
 * In one transaction: the live one stands until the build has seen all that it has, then the views are replaced. Readers wait for
 * milliseconds; who reads too long makes it try again.
 * @throws BuildBehindError where nobody keeps the build up
 * @throws BuildStateError where it is not ready, UnknownBuildError where it is gone
 */
export async function promote(
  { attemptsMax, levelWithinMs = LEVEL_WITHIN_MS, note, pool, store }: PromoteOptions,
  build: Pick<Build, 'id' | 'projection'>,
): Promise<void> {
  let ofThisLog = false;
  const before = async (): Promise<void> => {
    ofThisLog = await isLiveOfLog(pool, store, build.projection);
  };
  const replace = async (client: ClientBase): Promise<void> => {
    await promoteOnce(client, build, ofThisLog, levelWithinMs);
    await note?.(client, [build]);
  };
  await inPatientTransaction(pool, replace, { attemptsMax, before });
}

/** Tables of another log, which the programs were pointed away from, say nothing of how far this one must be. */
async function isLiveOfLog(pool: Pool, store: EventStore, projection: string): Promise<boolean> {
  const builds = await readBuilds(pool);
  const live = builds.find((build) => build.projection === projection && build.state === 'LIVE');
  const place = live === undefined ? null : lastHandledBy(live);
  return place === null || isInLog(store, place);
}

async function promoteOnce(
  client: ClientBase,
  { id, projection }: Pick<Build, 'id' | 'projection'>,
  ofThisLog: boolean,
  levelWithinMs: number,
): Promise<void> {
  const live = await stoppedLive(client, projection);
  const next = await levelBuild(client, { id, projection }, ofThisLog ? live : null, levelWithinMs);
  const others = await lockBuildsOf(client, projection);
  for (const other of others) if (isSuperseded(other, next)) await dropBuild(client, other);
  await hideBuild(client, live);
  if (live !== null && ofThisLog) await setBuildState(client, live.id, 'RETIRED');
  else if (live !== null) await dropBuild(client, live); // it could never catch up
  await setBuildState(client, id, 'LIVE', true);
  // Positions of another log are no states of this one: none that a reader knows can be found again.
  if (!ofThisLog)
    await client.query('UPDATE projections.builds SET kept_from = position WHERE id = $1', [id]);
  await showBuild(client, next);
  await tell(client, next.position ?? 0n, await tablesOf(client, next));
}

/** The live build, which nobody writes until the transaction ends. */
async function stoppedLive(client: ClientBase, projection: string): Promise<Build | null> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM projections.builds WHERE projection = $1 AND state = 'LIVE' FOR UPDATE`,
    [projection],
  );
  const [live] = await lockBuilds(
    client,
    rows.map((row) => Number(row.id)),
  );
  return live ?? null;
}

/** The build, ready and locked, once it has seen what the live one has. */
async function levelBuild(
  client: ClientBase,
  { id, projection }: Pick<Build, 'id' | 'projection'>,
  live: Build | null,
  withinMs: number,
): Promise<Build> {
  const giveUpAt = systemTiming.now() + withinMs;
  await endComparison(client, id);
  for (;;) {
    const [build] = await readBuildsById(client, [id]);
    if (build === undefined) throw unknownBuild(projection, id);
    fateOf('PROMOTE', build);
    if (live === null || (build.position ?? -1n) >= (live.position ?? -1n)) {
      const [locked] = await lockBuilds(client, [id]);
      if (locked !== undefined) {
        fateOf('PROMOTE', locked);
        return locked;
      }
    }
    if (systemTiming.now() > giveUpAt) {
      throw new BuildBehindError(
        `Build ${id} of ${projection} does not come level with the live one: nobody keeps it up`,
        {
          ...{ projection, build: id },
          ...{ position: String(build.position), live: String(live?.position) },
        },
      );
    }
    await systemTiming.pause(LOOK_AGAIN_MS);
  }
}

/** What was kept for a switch back, and what was begun before this one by another definition. */
const isSuperseded = (other: Build, next: Build): boolean =>
  other.state === 'RETIRED' ||
  (other.state !== 'LIVE' && other.id < next.id && other.definition !== next.definition);
