import type { Kysely, PostgresPool } from 'kysely';

/** The tables of schema `read_model`, by name: each room declares its own, beside their definition. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by the rooms' tables.ts
export interface ReadModelDatabase {}

/** What every query function reads through. */
export type ReadModel = Kysely<ReadModelDatabase>;

/** As much of a pg.Pool as reading needs. */
export type ReadModelPool = PostgresPool;
