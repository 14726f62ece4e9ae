import type { Migration } from '@abland/postgres';

export const createProcesses: Migration = {
  name: '0001-create-processes',
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

    -- Requests that the chain may still carry out, refuse or take back: what settlement knows of each, and what it looks for
    -- them by. Times in milliseconds since the epoch.
    CREATE TABLE processes.requests (
      chain_id bigint NOT NULL,
      command_id uuid NOT NULL,
      request jsonb NOT NULL,
      requester text NOT NULL GENERATED ALWAYS AS (request ->> 'requester') STORED,
      kind text NOT NULL GENERATED ALWAYS AS (request ->> 'kind') STORED,
      deadline bigint NOT NULL GENERATED ALWAYS AS ((request ->> 'deadline')::bigint) STORED,
      open boolean NOT NULL GENERATED ALWAYS AS ((request ->> 'open')::boolean) STORED,
      tx_hash text GENERATED ALWAYS AS (request ->> 'txHash') STORED,
      outcome text GENERATED ALWAYS AS (request -> 'mined' ->> 'outcome') STORED,
      block_number bigint GENERATED ALWAYS AS ((request -> 'mined' ->> 'blockNumber')::bigint) STORED,
      -- Whether facts are kept that may answer it.
      waits boolean NOT NULL GENERATED ALWAYS AS (request -> 'facts' <> '[]') STORED,
      PRIMARY KEY (chain_id, command_id)
    );
    CREATE INDEX requests_by_requester ON processes.requests (chain_id, requester);
    CREATE INDEX requests_waiting ON processes.requests (chain_id, requester) WHERE waits;
    CREATE INDEX requests_by_block ON processes.requests (chain_id, block_number) WHERE outcome IS NOT NULL;
    CREATE INDEX requests_open ON processes.requests (chain_id, deadline) WHERE open AND outcome IS NULL;
    CREATE INDEX requests_closed ON processes.requests (chain_id, deadline) WHERE NOT open OR outcome = 'REVERTED';

    -- How far settlement has seen each chain.
    CREATE TABLE processes.chain_progress (
      chain_id bigint PRIMARY KEY,
      progress jsonb NOT NULL
    );

    -- Relayed requests that wait for their user's signature or our sender.
    CREATE TABLE processes.relays (
      chain_id bigint NOT NULL,
      command_id uuid NOT NULL,
      signer text NOT NULL,
      correlation_id text NOT NULL,
      status text NOT NULL,
      -- Position of the event that authorized it.
      authorized_at numeric(20, 0),
      due_at timestamptz,
      PRIMARY KEY (chain_id, command_id)
    );
    CREATE INDEX relays_due ON processes.relays (chain_id, due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX relays_waiting_by_signer ON processes.relays (chain_id, signer) WHERE status = 'AUTHORIZED';
  `,
};
