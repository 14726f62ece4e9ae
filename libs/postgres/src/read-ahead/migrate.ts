import type pg from 'pg';
import { applyMigrations, type Migration } from '../migrations/migrations.js';

const createReadAhead: Migration = {
  name: '0001-create-read-ahead',
  sql: `
    -- How far the publisher of a chain is, and up to where others may read ahead of it.
    CREATE TABLE read_ahead.frontiers (
      chain_id bigint PRIMARY KEY,
      epoch bigint NOT NULL,
      -- What the reading of a block depends on: whoever reads otherwise reads nothing for this publisher.
      reading text NOT NULL,
      next_block bigint NOT NULL,
      last_block bigint NOT NULL,
      range_size integer NOT NULL,
      told_at timestamptz NOT NULL
    );
    -- Ranges that somebody reads (blocks IS NULL, until expires_at), or has read. Ends included.
    CREATE TABLE read_ahead.ranges (
      chain_id bigint NOT NULL,
      first_block bigint NOT NULL,
      last_block bigint NOT NULL,
      reading text NOT NULL,
      owner uuid NOT NULL,
      expires_at timestamptz NOT NULL,
      blocks bytea,
      PRIMARY KEY (chain_id, first_block)
    );
  `,
};

export const READ_AHEAD_MIGRATIONS: readonly Migration[] = [createReadAhead];

/** Brings the schema `read_ahead` to what this version needs; safe to call from several starts at once. */
export async function migrateReadAhead(pool: pg.Pool): Promise<void> {
  await applyMigrations(pool, 'read_ahead', READ_AHEAD_MIGRATIONS);
}
