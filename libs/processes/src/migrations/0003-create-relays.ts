import type { Migration } from '@abland/postgres';

export const createRelays: Migration = {
  name: '0003-create-relays',
  sql: `
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
