import type { Migration } from '../migrations/migrations.js';

export const keepOperationsInHand: Migration = {
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
