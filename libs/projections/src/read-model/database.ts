import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';

/** The tables of schema `read_model`, by name: each room declares its own, beside their definition. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by the rooms' tables.ts
export interface ReadModelDatabase {}

/** What every query function reads through. */
export type ReadModel = Kysely<ReadModelDatabase>;

/** As much of a pg.Pool as reading needs. */
export type ReadModelPool = PostgresPool;

/** Queries over a pool of the caller's, which stays the caller's to end. */
export function createReadModel(pool: ReadModelPool): ReadModel {
  return new Kysely<ReadModelDatabase>({ dialect: new PostgresDialect({ pool }) }).withSchema('read_model');
}
