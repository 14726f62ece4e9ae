import type { Migration } from '@abland/postgres';

export const knowRelayers: Migration = {
  name: '0002-know-relayers',
  sql: `
    -- Accounts that sent relayed requests on a chain, checksummed. None of a chain: the log was not asked yet who did.
    CREATE TABLE processes.relayers (
      chain_id bigint NOT NULL,
      relayer text NOT NULL,
      PRIMARY KEY (chain_id, relayer)
    );
  `,
};
