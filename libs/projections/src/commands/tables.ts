import { int8, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** Every accepted or rejected command of a signed-in caller, followed to its end. */
export const commands = defineTable({
  name: 'commands',
  origin: 'log',
  columns: {
    command_id: text,
    /** CREATE_TOKEN, DEACTIVATE_TOKEN, CREATE_POOL, SWAP, ADD_LIQUIDITY, REMOVE_LIQUIDITY; a rejected one's mutation name. */
    kind: text,
    user_address: text,
    entity_kind: nullable(text),
    entity_id: nullable(text),
    execution: nullable(text),
    /** ACCEPTED, SUBMITTED, CONFIRMED, FINALIZED, FAILED, EXPIRED, REVERTED or REJECTED. */
    status: text,
    tx_hash: nullable(text),
    block_number: nullable(int8),
    error_code: nullable(text),
    error_reason: nullable(text),
    error_field: nullable(text),
    token: nullable(text),
    pool_id: nullable(text),
    input_hash: text,
    correlation_id: text,
    requested_at: text,
    deadline: nullable(text),
  },
  key: ['command_id'],
  indexes: [
    { name: 'commands_by_user', on: '(user_address, requested_at, command_id)' },
    { name: 'commands_by_tx', on: '(tx_hash) WHERE tx_hash IS NOT NULL' },
    { name: 'commands_in_flight', on: "(requested_at, command_id) WHERE status = 'SUBMITTED'" },
  ],
});

/** What our sender does for a RELAYED command. */
export const commandRelays = defineTable({
  name: 'command_relays',
  origin: 'log',
  columns: {
    command_id: text,
    /** REQUESTED, AUTHORIZED, RETRYING, SIGNED or REFUSED. */
    status: text,
    tx_hash: nullable(text),
    error_code: nullable(text),
    error_reason: nullable(text),
  },
  key: ['command_id'],
  indexes: [],
});

/** The newest deactivation command of each token: the events that close it name the token alone. */
export const tokenDeactivations = defineTable({
  name: 'token_deactivations',
  origin: 'log',
  columns: { token_id: text, command_id: text },
  key: ['token_id'],
  indexes: [],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    commands: SelectedRowOf<typeof commands>;
    command_relays: SelectedRowOf<typeof commandRelays>;
    token_deactivations: SelectedRowOf<typeof tokenDeactivations>;
  }
}
