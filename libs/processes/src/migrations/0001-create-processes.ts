import type { Migration } from '@abland/postgres';

export const createProcesses: Migration = {
  name: '0001-create-processes',
  sql: `
    -- The engine: how far each process has come, and commands that could not be issued.
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

    -- Settlement: requests that wait for the chain, and the facts that may answer them.
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

    -- Relays: what users signed, until it is sent or given up.
    CREATE TABLE processes.relays (
      command_id uuid PRIMARY KEY,
      target_kind text NOT NULL,
      target_id uuid NOT NULL,
      signer text NOT NULL,
      correlation_id text NOT NULL,
      status text NOT NULL,
      -- Position of the event that authorized it.
      authorized_at numeric(20, 0),
      due_at timestamptz
    );
    CREATE INDEX relays_due ON processes.relays (due_at) WHERE status IN ('AUTHORIZED', 'SIGNED');
    CREATE INDEX relays_waiting_by_signer ON processes.relays (signer) WHERE status = 'AUTHORIZED';
  `,
};
