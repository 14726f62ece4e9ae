import type { Migration } from '@abland/postgres';

export const createSettlement: Migration = {
  name: '0002-create-settlement',
  sql: `
    CREATE TABLE processes.requests (
      command_id uuid PRIMARY KEY,
      kind text NOT NULL,
      entity_id uuid NOT NULL,
      account text NOT NULL,
      execution text NOT NULL,
      terms jsonb NOT NULL,
      correlation_id text NOT NULL,
      deadline timestamptz NOT NULL,
      requested_at timestamptz NOT NULL,
      tx_hash text,
      status text NOT NULL,
      outcome_block_number bigint,
      outcome_block_hash text,
      expiry_due_at timestamptz NOT NULL,
      token_address text
    );
    CREATE INDEX requests_by_entity ON processes.requests (entity_id);
    CREATE INDEX requests_by_token_address ON processes.requests (token_address)
      WHERE token_address IS NOT NULL AND kind = 'TOKEN_CREATION';
    CREATE INDEX requests_by_tx_hash ON processes.requests (tx_hash) WHERE tx_hash IS NOT NULL;
    CREATE INDEX requests_by_outcome_number ON processes.requests (outcome_block_number)
      WHERE status = 'CONFIRMED';
    CREATE INDEX requests_by_outcome_hash ON processes.requests (outcome_block_hash)
      WHERE status IN ('CONFIRMED', 'REVERTED');
    CREATE INDEX requests_by_expiry ON processes.requests (expiry_due_at) WHERE status = 'OPEN';

    -- Outcomes that name no command, kept while a transaction hash told later may be theirs, and creations of pools.
    CREATE TABLE processes.facts (
      event_id uuid PRIMARY KEY,
      tx_hash text NOT NULL,
      block_number bigint NOT NULL,
      block_hash text NOT NULL,
      block_time timestamptz NOT NULL,
      event jsonb NOT NULL,
      claimed_by uuid
    );
    CREATE INDEX facts_by_tx_hash ON processes.facts (tx_hash);
    CREATE INDEX facts_by_block_time ON processes.facts (block_time);
    CREATE INDEX facts_by_block_hash ON processes.facts (block_hash);

    CREATE TABLE processes.chain_progress (
      chain_id bigint PRIMARY KEY,
      -- Null after a reorg until the next block comes.
      head_time timestamptz,
      finalized_number bigint
    );
    CREATE TABLE processes.reverted_blocks (
      chain_id bigint NOT NULL,
      block_hash text NOT NULL,
      PRIMARY KEY (chain_id, block_hash)
    );
  `,
};
