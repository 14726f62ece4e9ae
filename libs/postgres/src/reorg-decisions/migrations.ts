import type { Migration } from '../migrations/migrations.js';

export const createAcceptedReorgs: Migration = {
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

export const tellTips: Migration = {
  name: '0008-tell-numbers-of-tips',
  sql: `
    -- number of the block whose hash begun_at is; null of what an earlier version began
    ALTER TABLE leases.accepted_reorgs ADD COLUMN begun_at_number bigint;
  `,
};

export const tellOutcomes: Migration = {
  name: '0005-tell-what-came-of-accepted-reorgs',
  sql: `
    ALTER TABLE leases.accepted_reorgs
      -- hash of the newest block that was published when its indexer began to take blocks back
      ADD COLUMN begun_at text,
      -- what came of it, until the log tells it
      ADD COLUMN outcome jsonb;
  `,
};
