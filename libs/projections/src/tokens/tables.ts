import { boolean, int4, int8, amount, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** What people asked for through the API, and what became of it as far as the aggregate knows. */
export const tokenRequests = defineTable({
  name: 'token_requests',
  origin: 'log',
  columns: {
    token_id: text,
    creator: text,
    name: text,
    symbol: text,
    decimals: int4,
    supply: amount,
    total_supply: amount,
    description: text,
    metadata_uri: text,
    execution: text,
    /** PENDING, DEPLOYING, DEPLOYED or FAILED. */
    status: text,
    tx_hash: nullable(text),
    /** Set by TokenDeployed, taken back by TokenDeploymentRetracted. */
    token_address: nullable(text),
    failure_code: nullable(text),
    failure_reason: nullable(text),
    requested_at: text,
    requested_at_ms: int8,
    deadline: text,
  },
  key: ['token_id'],
  indexes: [
    { name: 'token_requests_by_address', on: '(token_address) WHERE token_address IS NOT NULL' },
    { name: 'token_requests_open', on: "(requested_at_ms, token_id) WHERE status <> 'DEPLOYED'" },
    { name: 'token_requests_by_creator', on: '(creator, requested_at_ms, token_id)' },
  ],
});

/** Every token that the factory created, whoever called it. */
export const chainTokens = defineTable({
  name: 'chain_tokens',
  origin: 'chain',
  columns: {
    address: text,
    creator: text,
    name: text,
    symbol: text,
    /** Null until the fact that tells it, later in the same transaction. */
    decimals: nullable(int4),
    metadata_uri: nullable(text),
    total_supply: amount,
    deactivated: boolean,
    tx_hash: text,
    block_number: int8,
    block_time: int8,
    log_index: int4,
    /** Claimed by the transaction's sender: a request's id only if creator and terms agree. */
    command_id: nullable(text),
    /** The newest block that changed this row. */
    updated_block: int8,
    created_at_ms: int8,
  },
  key: ['address'],
  indexes: [
    { name: 'chain_tokens_by_time', on: '(created_at_ms, address)' },
    { name: 'chain_tokens_by_creator', on: '(creator, created_at_ms, address)' },
    { name: 'chain_tokens_by_command', on: '(command_id) WHERE command_id IS NOT NULL' },
    { name: 'chain_tokens_name_search', on: 'USING gin (name gin_trgm_ops)' },
    { name: 'chain_tokens_symbol_search', on: 'USING gin (symbol gin_trgm_ops)' },
    { name: 'chain_tokens_address_search', on: '(lower(address))' },
  ],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    token_requests: SelectedRowOf<typeof tokenRequests>;
    chain_tokens: SelectedRowOf<typeof chainTokens>;
  }
}
