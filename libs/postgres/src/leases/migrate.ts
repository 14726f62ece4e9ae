import type pg from 'pg';
import { applyMigrations, type Migration } from '../migrations/migrations.js';
import { keepOperationsInHand } from '../operations-in-hand/migrations.js';
import { createPartDetails, createPulses } from '../pulses/migrations.js';
import { createAcceptedReorgs, tellOutcomes, tellTips } from '../reorg-decisions/migrations.js';

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

const keepTimeToLive: Migration = {
  name: '0007-keep-time-to-live',
  sql: `
    -- milliseconds from a renewal to the end; null of a lease that an earlier version took
    ALTER TABLE leases.leases ADD COLUMN ttl_ms double precision;
  `,
};

/** Of the schema `leases`, in their order: what programs tell each other beside the log lies there too, each in its folder. */
export const LEASES_MIGRATIONS: readonly Migration[] = [
  createLeases,
  createPulses,
  createAcceptedReorgs,
  createPartDetails,
  tellOutcomes,
  keepOperationsInHand,
  keepTimeToLive,
  tellTips,
];

/** Brings the schema `leases` to what this version needs; safe to call from several starts at once. */
export async function migrateLeases(pool: pg.Pool): Promise<void> {
  await applyMigrations(pool, 'leases', LEASES_MIGRATIONS);
}
