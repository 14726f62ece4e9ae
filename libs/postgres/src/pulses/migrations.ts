import type { Migration } from '../migrations/migrations.js';

export const createPulses: Migration = {
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

export const createPartDetails: Migration = {
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
