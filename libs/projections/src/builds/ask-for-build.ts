import { type EventStore, isInLog, type Logger } from '@abland/kernel';
import { type HeldLeases, inTransaction, takeLeases } from '@abland/postgres';
import type { Pool, PoolClient } from 'pg';
import { definitionHash } from '../engine/ddl.js';
import { RebuildInProgressError } from '../engine/errors.js';
import { lastHandledBy } from '../engine/projection-run.js';
import type { Projection } from '../engine/projection.js';
import { isBeside, type NoteBuilds } from './acts.js';
import { type Build, leaseOfBuild } from '../engine/build.js';
import { dropBuild } from './build-schema.js';
import { lockBuilds, readBuilds, readBuildsById, setBuildState } from '../engine/build-rows.js';
import { BuildOfAnotherVersionError } from './errors.js';
import { beginBuild } from './prepare.js';

export interface BeginOptions {
  readonly projection: Projection;
  readonly askedBy: string;
  readonly reason: string;
  /** Promoted once it is level, whoever keeps it then. */
  readonly promotesItself: boolean;
}

export interface AskOptions extends BeginOptions {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly logger: Logger;
}

export interface AskedBuild {
  readonly build: Build;
  /** Of this process; null where another keeps it already. */
  readonly lead: HeldLeases | null;
}

/**
 * The build that stands beside the live one by our definition, a paused or failed one resumed, or else a new one. One of another log
 * is begun anew.
 * @throws BuildOfAnotherVersionError where a newer version's build is live
 */
export async function askForBuild(options: AskOptions): Promise<AskedBuild> {
  const { pool } = options;
  return inTransaction(pool, async (client) => {
    await lockBegun(client, options.projection);
    const build = (await besideOfThisLog(client, options)) ?? (await begin(client, options));
    // Before anybody else knows of a new one, so that it is ours; what another keeps is left to it.
    const lead = await takeLeases({ ...options, names: [leaseOfBuild(build.id)] });
    return { build, lead };
  });
}

/**
 * A new build, which a projector keeps.
 * @throws RebuildInProgressError where one of our definition stands beside the live one, in whatever state
 * @throws BuildOfAnotherVersionError where a newer version's is live
 */
export async function beginAskedBuild(
  options: BeginOptions & { readonly pool: Pool; readonly note?: NoteBuilds | undefined },
): Promise<Build> {
  const { note, pool, projection } = options;
  return inTransaction(pool, async (client) => {
    await lockBegun(client, projection);
    const standing = await besideOf(client, projection);
    if (standing === undefined) {
      const build = await begin(client, options);
      await note?.(client, [build]);
      return build;
    }
    const { id: build, state } = standing;
    throw new RebuildInProgressError(
      `Build ${build} of ${projection.name} is ${state}: resume or discard that`,
      {
        ...{ projection: projection.name, build, state },
      },
    );
  });
}

/** One at a time begins builds of a projection. */
async function lockBegun(client: PoolClient, { name }: Projection): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`build of ${name}`]);
}

/** What stands beside the live one by our definition. */
async function besideOf(client: PoolClient, projection: Projection): Promise<Build | undefined> {
  const definition = definitionHash(projection);
  const builds = await readBuilds(client);
  return builds.find(
    (one) => one.projection === projection.name && one.definition === definition && isBeside(one),
  );
}

/** Of a build that must be ours. @throws RebuildInProgressError where another process keeps it */
export async function requireLead(
  { logger, pool }: Pick<AskOptions, 'logger' | 'pool'>,
  { build, lead }: AskedBuild,
): Promise<HeldLeases> {
  const held = lead ?? (await takeLeases({ pool, logger, names: [leaseOfBuild(build.id)] }));
  if (held !== null) return held;
  throw new RebuildInProgressError(
    `Projection ${build.projection} is being built already: build ${build.id}`,
    {
      projection: build.projection,
      build: build.id,
    },
  );
}

async function begin(client: PoolClient, options: BeginOptions): Promise<Build> {
  const { askedBy, projection, promotesItself, reason } = options;
  const { name, version } = projection;
  const live = (await readBuilds(client)).find((one) => one.projection === name && one.state === 'LIVE');
  if (live !== undefined && live.version !== null && live.version > version) {
    throw new BuildOfAnotherVersionError(`A newer version of ${name} is live: rebuild it with that version`, {
      ...{ projection: name, live: live.version, ours: version },
    });
  }
  const definition = definitionHash(projection);
  const begun = {
    projection: name,
    definition,
    version,
    state: 'BUILDING',
    promotesItself,
    askedBy,
    reason,
  } as const;
  return beginBuild(client, projection, begun);
}

async function besideOfThisLog(client: PoolClient, options: AskOptions): Promise<Build | null> {
  const { projection, promotesItself, store } = options;
  const ours = await besideOf(client, projection);
  if (ours === undefined) return null;
  const place = lastHandledBy(ours);
  const [locked] = await lockBuilds(client, [ours.id]);
  if (locked === undefined) return null;
  if (place !== null && !(await isInLog(store, place))) {
    await dropBuild(client, ours);
    return null;
  }
  if (ours.state === 'PAUSED' || ours.state === 'FAILED')
    await setBuildState(client, ours.id, 'BUILDING', promotesItself);
  const [build] = await readBuildsById(client, [ours.id]);
  return build ?? null;
}
