import { namedStatements } from '@abland/postgres';
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import type { Projection } from './engine/projection.js';
import { PROJECTIONS } from './projections.js';
import type { ReadModel, ReadModelDatabase, ReadModelPool } from './read-model/database.js';
import { LiveVersions } from './read-model/live-versions.js';

/**
 * Queries over a pool of the caller's, which stays the caller's to end. Where what is live is of another version of this program,
 * they reject with ReadModelNotYetError rather than answer what may mean something else.
 */
export function createReadModel(
  pool: ReadModelPool,
  projections: readonly Projection[] = PROJECTIONS,
): ReadModel {
  const versions = new LiveVersions(projections, async (look) => {
    const client = await pool.connect();
    let broken = true;
    try {
      await look(namedStatements(client as unknown as pg.PoolClient));
      broken = false;
    } finally {
      (client as unknown as pg.PoolClient).release(broken);
    }
  });
  const checked: ReadModelPool = {
    options: pool.options,
    connect: async () => checkedClient(await pool.connect(), versions),
    end: () => pool.end(),
  };
  return new Kysely<ReadModelDatabase>({ dialect: new PostgresDialect({ pool: checked }) }).withSchema(
    'read_model',
  );
}

/** Its statements are planned once a session: planning costs many times what most of them do. */
function checkedClient(client: PostgresPoolClient, versions: LiveVersions): PostgresPoolClient {
  const named = namedStatements(client as unknown as pg.PoolClient);
  const query = (text: string, values: readonly unknown[]): Promise<unknown> =>
    versions.run(named, text, () => named.query(text, values));
  const release = (destroy?: boolean): void => client.release(destroy);
  return { query, release } as unknown as PostgresPoolClient;
}
