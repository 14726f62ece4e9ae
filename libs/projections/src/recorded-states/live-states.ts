import type { StateChecksumsRecorded } from '@abland/domain';
import { withClient } from '@abland/postgres';
import type { Pool, PoolClient } from 'pg';
import type { Build, LastEvent } from '../engine/build.js';
import { readBuilds } from '../engine/build-rows.js';
import { checksumOf, totalOf } from '../engine/checksum.js';
import { definitionHash } from '../engine/ddl.js';
import type { Projection } from '../engine/projection.js';
import { columnsOf, keyColumnsOf } from '../engine/values.js';

/** What a projection's tables are after an event. */
export type StateChecksums = StateChecksumsRecorded['data'];
type Tables = Pick<StateChecksums, 'checksum' | 'tables'>;

/** Live tables as this version of the program defines them: its number, and up to where the log is in them. */
export type LiveBuild = Pick<Build, 'id' | 'position'> & { readonly lastEvent: LastEvent };

/** By projection; none of what is of another version, or has nothing of the log yet. */
export async function liveBuilds(
  db: Pick<PoolClient, 'query'>,
  projections: readonly Projection[],
): Promise<ReadonlyMap<Projection, LiveBuild & { readonly schema: string }>> {
  const builds = await readBuilds(db);
  const live = new Map<Projection, LiveBuild & { readonly schema: string }>();
  for (const projection of projections) {
    const build = builds.find((one) => one.projection === projection.name && one.state === 'LIVE');
    if (build?.definition !== definitionHash(projection) || build.lastEvent === null) continue;
    live.set(projection, { ...build, lastEvent: build.lastEvent });
  }
  return live;
}

/** Of all of them at one moment, streamed. What has another version by then, or nothing of the log, is left out. */
export async function liveStates(
  pool: Pool,
  projections: readonly Projection[],
): Promise<readonly StateChecksums[]> {
  return withClient(pool, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const states: StateChecksums[] = [];
    for (const [projection, build] of await liveBuilds(client, projections)) {
      const { id, revision, stream } = build.lastEvent;
      const position = build.lastEvent.position ?? String(build.position);
      states.push({
        ...{ projection: projection.name, definition: definitionHash(projection) },
        ...{ version: projection.version, build: build.id, after: { id, stream, revision, position } },
        ...(await checksumsIn(client, build.schema, projection)),
      });
    }
    await client.query('COMMIT');
    return states;
  });
}

/** Of a projection's tables, wherever they lie, in a transaction of which the rows are those of one moment. */
export async function checksumsIn(
  client: PoolClient,
  schema: string,
  projection: Projection,
): Promise<Tables> {
  const tables: Tables['tables'][number][] = [];
  for (const table of projection.tables) {
    const name = table.name as string;
    const columns = columnsOf(table).map(([column]) => column);
    tables.push({
      table: name,
      ...(await checksumOf(client, { schema, table: name, columns, key: keyColumnsOf(table) })),
    });
  }
  tables.sort((a, b) => (a.table < b.table ? -1 : 1));
  return { checksum: totalOf(tables), tables };
}
