import { applyMigrations, type Migration } from '@abland/postgres';
import type pg from 'pg';

const createTree: Migration = {
  name: '0001-create-tree',
  sql: `
    -- One row, which whoever grows the tree changes together with its tiles. No row: no event was hashed yet.
    CREATE TABLE audit.tree (
      is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
      -- names the log in its checkpoints, for good
      origin text NOT NULL,
      -- a line each, the newest first
      verifier_keys text NOT NULL,
      size bigint NOT NULL CHECK (size >= 0),
      root bytea NOT NULL CHECK (length(root) = 32),
      -- a signed note
      checkpoint text NOT NULL,
      -- how far the log was read, and the event there
      position numeric(20, 0) NOT NULL,
      known_event jsonb NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
    ) WITH (fillfactor = 10);

    -- Hashes of a level, 256 to a tile, fewer in the last of each: C2SP tlog-tiles. A tile only ever gets longer.
    CREATE TABLE audit.tiles (
      level smallint NOT NULL,
      number bigint NOT NULL,
      -- at the leaves: where in the log the events are after which those of the tile come; 0: none
      after_position numeric(20, 0),
      hashes bytea NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
      PRIMARY KEY (level, number)
    );
    ALTER TABLE audit.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;
    CREATE UNIQUE INDEX tiles_by_position ON audit.tiles (after_position) WHERE level = 0;

    -- Events whose envelopes are larger than an entry may be: served by their hash.
    CREATE TABLE audit.large_entries (
      sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
      index bigint NOT NULL UNIQUE
    );
  `,
};

const createWitnessing: Migration = {
  name: '0002-create-witnessing',
  sql: `
    -- The checkpoint that is served where witnesses are asked. No row: the tree's own is, which is the newest.
    CREATE TABLE audit.published (
      is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
      size bigint NOT NULL CHECK (size >= 0),
      root bytea NOT NULL CHECK (length(root) = 32),
      -- a signed note, cosigned
      checkpoint text NOT NULL,
      -- of the log, as they signed it: a line each
      verifier_keys text NOT NULL,
      -- of those that cosigned it
      witness_keys text[] NOT NULL,
      published_at timestamptz NOT NULL DEFAULT clock_timestamp()
    ) WITH (fillfactor = 10);

    -- What each witness cosigned last.
    CREATE TABLE audit.cosignatures (
      -- its verifier key
      witness_key text PRIMARY KEY,
      size bigint NOT NULL CHECK (size >= 0),
      -- of the checkpoint, which is what is signed
      text text NOT NULL,
      -- of a note's signatures
      line text NOT NULL
    ) WITH (fillfactor = 10);
  `,
};

export const AUDIT_MIGRATIONS: readonly Migration[] = [createTree, createWitnessing];

/** Brings the schema `audit` to what this version needs; safe to call from several starts at once. */
export async function migrateAudit(pool: pg.Pool): Promise<void> {
  await applyMigrations(pool, 'audit', AUDIT_MIGRATIONS);
}
