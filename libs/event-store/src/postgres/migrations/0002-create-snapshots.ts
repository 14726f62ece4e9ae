import type { Migration } from '@abland/postgres';

export const createSnapshots: Migration = {
  name: '0002-create-snapshots',
  sql: `
CREATE TABLE event_store.snapshots (
  stream text COLLATE "C" PRIMARY KEY,
  code_version text NOT NULL,
  revision bigint NOT NULL,
  event_id uuid NOT NULL,
  state text COLLATE "C" NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);
`,
};
