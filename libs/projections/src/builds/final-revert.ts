import { holdLeases, inLongTransaction } from '@abland/postgres';
import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import type { FinalBlocksRevertedError } from '../engine/errors.js';
import { noteFinalRevert } from '../engine/final-reverts.js';
import type { Projection } from '../engine/projection.js';
import { isBeside } from './acts.js';
import type { Build } from '../engine/build.js';
import { createBuildSchema } from './build-schema.js';
import { endComparison } from './comparer.js';
import { lockBuilds, readBuilds } from '../engine/build-rows.js';
import type { BuildGroup, KeepOptions } from './keep-group.js';
import { beginBuild } from './prepare.js';

/**
 * The log takes back final blocks. Of the group, every build that has let go of what it would need begins anew, the place being known
 * from now on; a live one stands where it is, for readers, while another is built that takes its place.
 */
export async function answerFinalRevert(
  { pool, projections }: KeepOptions,
  group: BuildGroup,
  error: FinalBlocksRevertedError,
): Promise<void> {
  const { chainId, fromNumber, position } = error.revert;
  const ids = group.builds.map(({ id }) => id);
  await inLongTransaction(pool, async (client) => {
    await holdLeases(client, group.leases);
    await noteFinalRevert(client, error);
    for (const build of await lockBuilds(client, ids)) {
      const projection = projections.find(({ name }) => name === build.projection);
      const isBefore = build.position !== null && build.position < position;
      const forgot = (build.finalized[chainId] ?? -1) >= fromNumber;
      if (projection === undefined || !isBefore || !forgot) continue;
      if (build.state === 'LIVE') await stand(client, build, projection);
      else await beginAnew(client, build, projection);
    }
  });
}

async function stand(client: ClientBase, live: Build, projection: Projection): Promise<void> {
  const { definition, version } = live;
  await client.query(
    'UPDATE projections.builds SET stands = true, generation = generation + 1 WHERE id = $1',
    [live.id],
  );
  const builds = await readBuilds(client);
  const next = builds.find(
    (one) => one.projection === live.projection && one.definition === definition && isBeside(one),
  );
  if (next === undefined) {
    await beginBuild(client, projection, {
      ...{ projection: live.projection, definition, version: version ?? projection.version },
      ...{
        state: 'BUILDING',
        promotesItself: true,
        askedBy: 'program',
        reason: 'final blocks were taken back',
      },
    });
  } else await client.query('UPDATE projections.builds SET promotes_itself = true WHERE id = $1', [next.id]);
}

async function beginAnew(client: ClientBase, build: Build, projection: Projection): Promise<void> {
  await endComparison(client, build.id);
  await client.query(`DROP SCHEMA ${escapeIdentifier(build.schema)} CASCADE`);
  await createBuildSchema(client, { schema: build.schema, indexed: false }, projection);
  await client.query(
    `UPDATE projections.builds SET state = 'BUILDING', generation = generation + 1, indexed = false, position = NULL, last_event = NULL,
       finalized = '{}', handled = 0, defects = 0, parked = 0, kept_from = NULL, kept_from_of_chain = '{}', updated_at = now() WHERE id = $1`,
    [build.id],
  );
}
