import { namedStatements } from '@abland/postgres';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import type pg from 'pg';

/** The tables of schema `read_model`, by name: each room declares its own, beside their definition. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by the rooms' tables.ts
export interface ReadModelDatabase {}

/** What every query function reads through. */
export type ReadModel = Kysely<ReadModelDatabase>;

/** As much of a pg.Pool as reading needs. */
export type ReadModelPool = PostgresPool;

/** Queries over a pool of the caller's, which stays the caller's to end. */
export function createReadModel(pool: ReadModelPool): ReadModel {
  const dialect = new PostgresDialect({ pool: naming(pool) });
  return new Kysely<ReadModelDatabase>({ dialect }).withSchema('read_model');
}

/** Connections whose statements are planned once a session: planning costs many times what most of them do. */
const naming = (pool: ReadModelPool): PostgresPool => ({
  options: pool.options,
  async connect() {
    const client = await pool.connect();
    const { query } = namedStatements(client as unknown as pg.PoolClient);
    const release = (destroy?: boolean): void => client.release(destroy);
    return { query, release } as unknown as PostgresPoolClient;
  },
  end: () => pool.end(),
});
