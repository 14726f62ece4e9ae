import { amount, int4, int8, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** Pool creations asked for through the API. */
export const poolRequests = defineTable({
  name: 'pool_requests',
  origin: 'log',
  columns: {
    request_id: text,
    pool_id: text,
    creator: text,
    token_a: text,
    token_b: text,
    amount_a: amount,
    amount_b: amount,
    execution: text,
    /** PENDING, DEPLOYING, DEPLOYED or FAILED. */
    status: text,
    tx_hash: nullable(text),
    failure_code: nullable(text),
    failure_reason: nullable(text),
    requested_at: text,
    deadline: text,
  },
  key: ['request_id'],
  indexes: [
    { name: 'pool_requests_by_pool', on: '(pool_id)' },
    { name: 'pool_requests_by_creator', on: '(creator, requested_at, request_id)' },
  ],
});

export const pools = defineTable({
  name: 'pools',
  origin: 'chain',
  columns: {
    pool_id: text,
    token_a: text,
    token_b: text,
    reserve_a: amount,
    reserve_b: amount,
    total_liquidity: amount,
    /** Who made the first deposit; null until that fact, later in the same transaction. */
    creator: nullable(text),
    swap_count: int8,
    tx_hash: text,
    block_number: int8,
    block_time: int8,
    log_index: int4,
    command_id: nullable(text),
    /** The newest block that changed this row. */
    updated_block: int8,
  },
  key: ['pool_id'],
  indexes: [
    { name: 'pools_by_token_a', on: '(token_a, token_b)' },
    { name: 'pools_by_token_b', on: '(token_b)' },
    { name: 'pools_by_block', on: '(block_number, log_index)' },
    { name: 'pools_by_creator', on: '(creator, block_number, log_index)' },
  ],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    pool_requests: SelectedRowOf<typeof poolRequests>;
    pools: SelectedRowOf<typeof pools>;
  }
}
