import type { Migration } from '@abland/postgres';

export const knowSkipped: Migration = {
  name: '0003-know-skipped',
  sql: `
    -- Commands and events that an operator decided a process leaves out for good, as the log has it: read from there by one that begins.
    CREATE TABLE processes.skipped (
      process text NOT NULL,
      cause_id text NOT NULL,
      stream text NOT NULL,
      type text NOT NULL,
      -- who, and why
      operation_id uuid NOT NULL,
      PRIMARY KEY (process, cause_id, stream, type)
    );
  `,
};
