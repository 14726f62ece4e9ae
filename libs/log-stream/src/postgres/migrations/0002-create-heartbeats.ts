import type { Migration } from '@abland/postgres';

/** One row a chain, written about once a second. */
export const createHeartbeats: Migration = {
  name: '0002-create-heartbeats',
  sql: `
CREATE TABLE log_stream.heartbeats (
  chain_id bigint PRIMARY KEY,
  told_at timestamptz NOT NULL,
  state text COLLATE "C" NOT NULL,
  state_since timestamptz NOT NULL,
  reason text COLLATE "C",
  head_number bigint,
  head_hash text COLLATE "C",
  head_time bigint,
  published_number bigint,
  contact_at timestamptz
) WITH (fillfactor = 20);
`,
};
