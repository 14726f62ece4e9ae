import type pg from 'pg';
import { applyMigrations, type Migration } from '../migrations/migrations.js';

const createLeases: Migration = {
  name: '0001-create-leases',
  sql: `
    CREATE TABLE leases.leases (
      name text PRIMARY KEY,
      -- who holds it, or held it last
      holder uuid NOT NULL,
      -- grows with every taking, so that what an earlier holder still does can be told apart
      epoch bigint NOT NULL,
      taken_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL
    );
  `,
};

const createPulses: Migration = {
  name: '0002-create-pulses',
  sql: `
    -- What each run of a program last told of each of its parts. Nothing depends on it but what is told of them.
    CREATE TABLE leases.pulses (
      part text NOT NULL,
      instance uuid NOT NULL,
      state text NOT NULL,
      failure text,
      handled_at timestamptz,
      contact_at timestamptz,
      reached numeric(20, 0),
      head numeric(20, 0),
      beat_at timestamptz NOT NULL,
      PRIMARY KEY (part, instance)
    );
  `,
};

const createAcceptedReorgs: Migration = {
  name: '0003-create-accepted-reorgs',
  sql: `
    -- Chains whose new branch an operator accepted in the place of final blocks, until their indexer has taken those back.
    CREATE TABLE leases.accepted_reorgs (
      chain_id bigint PRIMARY KEY,
      operation_id uuid NOT NULL,
      decided_at timestamptz NOT NULL
    );
  `,
};

const createPartDetails: Migration = {
  name: '0004-create-part-details',
  sql: `
    -- What a run of a program last told of a part beyond its pulse: it holds while that run's pulse of the part is told.
    CREATE TABLE leases.part_details (
      part text PRIMARY KEY,
      instance uuid NOT NULL,
      detail jsonb NOT NULL,
      written_at timestamptz NOT NULL
    );
  `,
};

const tellOutcomes: Migration = {
  name: '0005-tell-what-came-of-accepted-reorgs',
  sql: `
    ALTER TABLE leases.accepted_reorgs
      -- hash of the newest block that was published when its indexer began to take blocks back
      ADD COLUMN begun_at text,
      -- what came of it, until the log tells it
      ADD COLUMN outcome jsonb;
  `,
};

const keepOperationsInHand: Migration = {
  name: '0006-keep-operations-in-hand',
  sql: `
    -- Operators' acts from before the log tells that they were asked for until it tells what came of them: whoever does one may end
    -- in between.
    CREATE TABLE leases.operations_in_hand (
      operation_id uuid PRIMARY KEY,
      -- who does it, and what they note of it counts
      holder uuid NOT NULL,
      -- grows while they live
      beats bigint NOT NULL DEFAULT 0,
      -- what came of it, noted in the transaction of the act where it has one
      outcome jsonb
    );
  `,
};

export const LEASES_MIGRATIONS: readonly Migration[] = [
  createLeases,
  createPulses,
  createAcceptedReorgs,
  createPartDetails,
  tellOutcomes,
  keepOperationsInHand,
];

/** Brings the schema `leases` to what this version needs; safe to call from several starts at once. */
export async function migrateLeases(pool: pg.Pool): Promise<void> {
  await applyMigrations(pool, 'leases', LEASES_MIGRATIONS);
}
