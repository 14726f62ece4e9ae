import type { Migration } from '@abland/postgres';
import { beginBuilds } from './begin-builds.js';

export const PROJECTIONS_MIGRATIONS: readonly Migration[] = [
  {
    name: '0001-create-checkpoints',
    sql: `
      CREATE TABLE projections.checkpoints (
        projection text NOT NULL,
        target text NOT NULL CHECK (target IN ('live', 'rebuild')),
        definition text NOT NULL,
        -- grows whenever somebody else than the runner moves the checkpoint
        generation bigint NOT NULL DEFAULT 0,
        position numeric(20, 0),
        -- the last event handled: id, stream and revision, to know this log by
        last_event jsonb,
        finalized jsonb NOT NULL DEFAULT '{}',
        handled bigint NOT NULL DEFAULT 0,
        defects bigint NOT NULL DEFAULT 0,
        state text NOT NULL DEFAULT 'STOPPED',
        last_error text,
        events_per_second numeric NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (projection, target)
      );
      CREATE TABLE projections.undo_log (
        projection text NOT NULL,
        target text NOT NULL,
        chain_id bigint NOT NULL,
        block_number bigint NOT NULL,
        table_name text NOT NULL,
        row_key text[] NOT NULL,
        before jsonb,
        PRIMARY KEY (projection, target, chain_id, block_number, table_name, row_key)
      );
      CREATE TABLE projections.parked_events (
        projection text NOT NULL,
        target text NOT NULL,
        event_id uuid NOT NULL,
        position numeric(20, 0) NOT NULL,
        stream text NOT NULL,
        type text NOT NULL,
        code text NOT NULL,
        reason text NOT NULL,
        -- ours rather than the event's
        defect boolean NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (projection, target, event_id)
      );`,
  },
  {
    // What contracts are set to, fees too, is kept by the projection of swaps.
    name: '0002-retire-fees',
    sql: `
      DELETE FROM projections.checkpoints WHERE projection = 'fees';
      DELETE FROM projections.undo_log WHERE projection = 'fees';
      DELETE FROM projections.parked_events WHERE projection = 'fees';
      DROP TABLE IF EXISTS read_model.fees_in_force, read_model.fee_changes, read_model.swap_fees;
      DROP TABLE IF EXISTS read_model_rebuild.fees_in_force, read_model_rebuild.fee_changes, read_model_rebuild.swap_fees;`,
  },
  {
    name: '0003-journal-every-change',
    sql: `
      CREATE TABLE projections.journal (
        projection text NOT NULL,
        target text NOT NULL,
        table_name text NOT NULL,
        row_key text[] COLLATE "C" NOT NULL,
        -- of the event that changed the row
        position numeric(20, 0) NOT NULL,
        -- of a fact its block's time, of everything else when it was recorded; never later than it was folded
        happened_at timestamptz NOT NULL,
        -- the block that a reorg takes the change back with; null for what none takes back
        chain_id bigint,
        block_number bigint,
        -- the row before the event; null: there was none
        before jsonb,
        -- of the reorg that took the change back; null: it stands
        taken_back_at numeric(20, 0),
        PRIMARY KEY (projection, target, table_name, row_key, position)
      );
      -- To collect a table's entries; of an expression, so that no plan takes it for looking one row up.
      CREATE INDEX journal_by_position ON projections.journal (projection, target, table_name, (position + 0));
      CREATE INDEX journal_by_block ON projections.journal (projection, target, chain_id, block_number)
        WHERE block_number IS NOT NULL;
      CREATE INDEX journal_by_time ON projections.journal (happened_at);
      CREATE INDEX journal_taken_back ON projections.journal (projection, target, taken_back_at)
        WHERE taken_back_at IS NOT NULL;
      -- Images from before the journal have no position: they get places below all positions, in the order of their blocks.
      INSERT INTO projections.journal
        (projection, target, table_name, row_key, position, happened_at, chain_id, block_number, before)
      SELECT projection, target, table_name, row_key, block_number - 1e18, now(), chain_id, block_number, before
      FROM projections.undo_log;
      DROP TABLE projections.undo_log;
      -- states before this position can no longer be read
      ALTER TABLE projections.checkpoints ADD COLUMN kept_from numeric(20, 0);
      UPDATE projections.checkpoints SET kept_from = position;`,
  },
  {
    name: '0004-note-final-reverts',
    sql: `
      -- Where the log takes back blocks that it had told as final: images of what they changed are kept up to there.
      CREATE TABLE projections.final_reverts (
        chain_id bigint NOT NULL,
        position numeric(20, 0) NOT NULL,
        from_number bigint NOT NULL,
        PRIMARY KEY (chain_id, position)
      );`,
  },
  beginBuilds,
  {
    // What a reorg took back before it left entries of its own cannot be read as it was.
    name: '0006-read-back-from-here',
    sql: `UPDATE projections.builds SET kept_from = greatest(kept_from, position);`,
  },
  {
    name: '0007-keep-history-by-chain',
    sql: `
      -- by chain: states of it before this position can no longer be read; kept_from is of all chains
      ALTER TABLE projections.builds ADD COLUMN kept_from_of_chain jsonb NOT NULL DEFAULT '{}';`,
  },
  {
    // Keys are long and begin alike: looking one up in an index of 128 bits of hash costs a fraction of it, and so does writing one.
    name: '0008-find-changes-by-hash',
    sql: `
      DO $migration$
      DECLARE
        journal text;
        key text;
      BEGIN
        FOREACH journal IN ARRAY array_prepend('projections.journal_of_a_build',
          ARRAY(SELECT format('%I.journal', schema) FROM projections.builds WHERE to_regclass(format('%I.journal', schema)) IS NOT NULL))
        LOOP
          SELECT conname INTO key FROM pg_constraint WHERE conrelid = journal::regclass AND contype = 'p';
          EXECUTE format('CREATE INDEX ON %s (hash_array_extended(array_prepend(table_name, row_key), 0),
            hash_array_extended(array_prepend(table_name, row_key), 1), position)', journal);
          EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', journal, key);
        END LOOP;
      END $migration$;`,
  },
  {
    name: '0009-keep-difference-reports',
    sql: `
      -- What was found when a build was compared with the live one. It stays when they are gone.
      CREATE TABLE projections.difference_reports (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        projection text NOT NULL,
        live bigint NOT NULL,
        build bigint NOT NULL,
        -- of the build, which grows whenever somebody else than who keeps it changes it
        generation bigint NOT NULL,
        -- of the log, at which both were; null: before the first event
        position numeric(20, 0),
        explained boolean NOT NULL,
        tables jsonb NOT NULL,
        made_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX difference_reports_by_projection ON projections.difference_reports (projection, id);
      CREATE INDEX difference_reports_by_build ON projections.difference_reports (build);`,
  },
  {
    name: '0010-know-skipped-events',
    sql: `
      -- Events that an operator decided a projection leaves out for good, as the log has it: read from there by builds that begin.
      CREATE TABLE projections.skipped_events (
        projection text NOT NULL,
        event_id uuid NOT NULL,
        -- who, and why
        operation_id uuid NOT NULL,
        PRIMARY KEY (projection, event_id)
      );`,
  },
  {
    name: '0011-tell-time-left',
    sql: `
      -- As who keeps it told last: to its target, plus or minus; null: not known.
      ALTER TABLE projections.builds ADD COLUMN seconds_left double precision;
      ALTER TABLE projections.builds ADD COLUMN seconds_left_within double precision;
      -- Of the process that keeps it.
      ALTER TABLE projections.builds ADD COLUMN memory_bytes bigint;`,
  },
  {
    name: '0012-tell-what-parked-events-concern',
    sql: `
      DO $migration$
      DECLARE
        parked text;
        kept record;
      BEGIN
        FOREACH parked IN ARRAY array_prepend('projections.parked_by_a_build',
          ARRAY(SELECT format('%I.parked_events', schema) FROM projections.builds
                WHERE to_regclass(format('%I.parked_events', schema)) IS NOT NULL))
        LOOP
          -- where our code was; tokens and pools, <chain>:<address or id>
          EXECUTE format('ALTER TABLE %s ADD COLUMN stack text, ADD COLUMN concerns text[]', parked);
          EXECUTE format('CREATE INDEX ON %s USING gin (concerns)', parked);
        END LOOP;
        FOR kept IN
          SELECT format('%I.parked_events', schema) AS parked,
            format('read_model.%I', 'parked_by_' || replace(projection, '-', '_')) AS shown
          FROM projections.builds WHERE state = 'LIVE'
        LOOP
          CONTINUE WHEN to_regclass(kept.shown) IS NULL;
          EXECUTE format('CREATE OR REPLACE VIEW %s AS
            SELECT event_id, position, stream, type, code, reason, defect, parked_at, stack, concerns FROM %s', kept.shown, kept.parked);
        END LOOP;
      END $migration$;`,
  },
  {
    name: '0013-keep-checksums-of-compared',
    sql: `
      -- {live, build}: over all rows of each; null in reports from before
      ALTER TABLE projections.difference_reports ADD COLUMN checksums jsonb;`,
  },
  {
    name: '0014-count-violations',
    sql: `
      -- Of invariants of a build's rows, and the newest.
      ALTER TABLE projections.builds ADD COLUMN violations bigint NOT NULL DEFAULT 0, ADD COLUMN last_violation text;`,
  },
];
