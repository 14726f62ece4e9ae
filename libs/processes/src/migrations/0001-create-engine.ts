import type { Migration } from '@abland/postgres';

export const createEngine: Migration = {
  name: '0001-create-engine',
  sql: `
    CREATE TABLE processes.checkpoints (
      process text PRIMARY KEY,
      position numeric(20, 0) NOT NULL,
      -- id, stream and revision of an event, and its position: what the log is known by
      known_event jsonb NOT NULL,
      known_position numeric(20, 0) NOT NULL,
      saved_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE processes.parked (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      process text NOT NULL,
      cause_id text NOT NULL,
      stream text NOT NULL,
      type text NOT NULL,
      code text NOT NULL,
      reason text NOT NULL,
      parked_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (process, cause_id, stream, type)
    );
  `,
};
