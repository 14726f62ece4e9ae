import type { Migration } from '@abland/postgres';

export const keepStacks: Migration = {
  name: '0004-keep-stacks',
  sql: `
    -- where our code was when it failed
    ALTER TABLE processes.parked ADD COLUMN stack text;
  `,
};
