import { applyMigrations, inLongTransaction, migrateLeases } from '@abland/postgres';
import type { ClientBase, Pool } from 'pg';
import { definitionHash } from '../engine/ddl.js';
import { PROJECTIONS_MIGRATIONS } from '../engine/migrations.js';
import type { Projection } from '../engine/projection.js';
import type { Build } from '../engine/build.js';
import { createBuildSchema, dropBuild, isWhole } from './build-schema.js';
import { insertBuild, type NewBuild, readBuilds } from '../engine/build-rows.js';
import { areInOrder } from './in-order.js';
import { planFor } from './plan.js';
import { isShown, showBuild } from './views.js';

export interface PrepareOptions {
  /** Whether what a changed definition begins is promoted once it is level, without an operator. Default: yes. */
  readonly promotesItself?: boolean;
}

/**
 * Schemas, builds and leases of the projections. A projection without a build, or whose tables are gone, begins one that is live
 * from the first event on; one whose definition changed begins one beside the live one, which serves until it is promoted.
 */
export async function prepareProjections(
  pool: Pool,
  projections: readonly Projection[],
  { promotesItself = true }: PrepareOptions = {},
): Promise<void> {
  await migrateLeases(pool);
  await applyMigrations(pool, 'projections', PROJECTIONS_MIGRATIONS);
  if (await areInOrder(pool, projections)) return;
  await inLongTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1, 0)', [PREPARE_LOCK]);
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await client.query('CREATE SCHEMA IF NOT EXISTS read_model');
    for (const projection of projections) await prepare(client, projection, promotesItself);
  });
}

const PREPARE_LOCK = 0x61626c72;

async function prepare(client: ClientBase, projection: Projection, promotesItself: boolean): Promise<void> {
  const ours = { definition: definitionHash(projection), version: projection.version };
  const builds = await wholeBuilds(client, projection, ours.definition);
  const begun = { projection: projection.name, ...ours, askedBy: 'program' };
  switch (planFor(ours, builds)) {
    case 'BEGIN_LIVE': {
      const reason = 'there were no tables of it';
      const build = await beginBuild(client, projection, { ...begun, state: 'LIVE', promotesItself, reason });
      return showBuild(client, build);
    }
    case 'BEGIN_BESIDE': {
      const reason = 'its definition changed';
      await beginBuild(client, projection, { ...begun, state: 'BUILDING', promotesItself, reason });
      return showAgain(client, builds);
    }
    case 'FOLLOW':
    case 'STAND_BACK':
      return showAgain(client, builds);
  }
}

/** Those whose tables are there. Of another definition nobody here knows what there should be. */
async function wholeBuilds(
  client: ClientBase,
  projection: Projection,
  definition: string,
): Promise<readonly Build[]> {
  const whole: Build[] = [];
  const builds = await readBuilds(client);
  for (const build of builds.filter((one) => one.projection === projection.name)) {
    if (build.definition !== definition || (await isWhole(client, build, projection))) whole.push(build);
    else await dropBuild(client, build);
  }
  return whole;
}

/** Its row and its empty tables. */
export async function beginBuild(
  client: ClientBase,
  projection: Projection,
  build: NewBuild,
): Promise<Build> {
  const begun = await insertBuild(client, build);
  await createBuildSchema(client, begun, projection);
  return begun;
}

/** Somebody may have dropped the views. */
async function showAgain(client: ClientBase, builds: readonly Build[]): Promise<void> {
  const live = builds.find(({ state }) => state === 'LIVE');
  if (live !== undefined && !(await isShown(client, live))) await showBuild(client, live);
}
