import type { Migration } from '@abland/postgres';

/** Who may publish on a topic: by the highest epoch, and of its claimants the last one. */
export const fencePublishers: Migration = {
  name: '0003-fence-publishers',
  sql: `
ALTER TABLE log_stream.topics
  ADD COLUMN epoch bigint NOT NULL DEFAULT 0,
  ADD COLUMN claims bigint NOT NULL DEFAULT 0;
`,
};
