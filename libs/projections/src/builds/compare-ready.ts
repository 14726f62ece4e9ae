import { type EventStore, type Logger, systemTiming } from '@abland/kernel';
import { holdLeases, inTransaction, type Lease } from '@abland/postgres';
import type { Client, ClientBase, Pool } from 'pg';
import { readBuilds } from '../engine/build-rows.js';
import type { Projection } from '../engine/projection.js';
import { comparerOf } from './comparer.js';
import { areLevel, type BuildPair, checksumsOfCompared, compareBuilds, ONE_SNAPSHOT } from './differences.js';
import { addChecksums, readVerdicts, storeReport } from './difference-reports.js';

export interface CompareOptions {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly projections: readonly Projection[];
  readonly logger: Logger;
  /** Under which the builds are kept. */
  readonly leases: readonly Lease[];
  readonly signal: AbortSignal;
}

const LOOK_AGAIN_MS = 200;

/**
 * Compares those of the builds that are ready, and were not compared yet, with the live ones, on the connection by which they are
 * followed: while it does they stand where they are. Waits for live ones to come to where these are, unless the log has more for
 * these: then they go on, and are compared later.
 */
export async function compareReady(
  client: Client,
  ids: readonly number[],
  options: CompareOptions,
): Promise<void> {
  const { logger, projections, signal, store } = options;
  for (;;) {
    const due = await pairsDue(client, ids);
    if (due.length === 0 || signal.aborted) return;
    const level = due.filter(areLevel);
    for (const { build } of level) {
      const projection = projections.find(({ name }) => name === build.projection);
      if (projection !== undefined && !signal.aborted)
        await compareOne(client, projection, build.id, options);
    }
    if (level.length > 0) continue;
    const head = (await store.head()) ?? 0n;
    if (due.some(({ build }) => (build.position ?? 0n) < head)) return;
    logger.debug({ builds: ids }, 'builds wait to be compared for the live ones to come to where they are');
    await systemTiming.pause(LOOK_AGAIN_MS, signal);
  }
}

/** Of those that are ready, each with the live one that it would take the place of. One that stands is of no use to compare with. */
async function pairsDue(client: ClientBase, ids: readonly number[]): Promise<readonly BuildPair[]> {
  const builds = await readBuilds(client);
  const verdicts = await readVerdicts(client);
  return builds
    .filter(({ id, state }) => ids.includes(id) && state === 'READY' && !verdicts.has(id))
    .flatMap((build) => {
      const live = builds.find((one) => one.projection === build.projection && one.state === 'LIVE');
      return live === undefined || live.stands ? [] : { live, build };
    });
}

/**
 * In one transaction that sees both; what was found is kept by another meanwhile, so that no operator waits for the checksums, which are
 * added to it. A build that promotes itself would end this connection as soon as that is known: there they come first.
 */
async function compareOne(
  client: Client,
  projection: Projection,
  id: number,
  { leases, logger, pool }: CompareOptions,
): Promise<void> {
  await client.query('BEGIN');
  await client.query(ONE_SNAPSHOT);
  await client.query(`SET LOCAL application_name = '${comparerOf(id)}'`);
  const pair = (await pairsDue(client, [id])).find(areLevel);
  if (pair === undefined) return void (await client.query('COMMIT'));
  const found = await compareBuilds(client, projection, pair);
  const checksumsOf = () => checksumsOfCompared(client, pair, found);
  const checksums = pair.build.promotesItself ? await checksumsOf() : null;
  const report = await inTransaction(pool, async (other) => {
    await holdLeases(other, leases);
    return storeReport(other, pair.build, { ...found, checksums });
  });
  const { build, live, position, tables } = found;
  const differ = tables.map(({ table, unexplained }) => ({ table, unexplained }));
  logger.info(
    { projection: projection.name, build, live, position, differ },
    'a build was compared with the live one',
  );
  const late = checksums === null ? await checksumsOf() : null;
  await client.query('COMMIT');
  if (late !== null) await addChecksums(client, report, late);
}
