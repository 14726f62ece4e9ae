import { amount, int4, int8, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** A person's share of a pool. A position that was left keeps its row with liquidity 0. */
export const liquidityPositions = defineTable({
  name: 'liquidity_positions',
  origin: 'chain',
  columns: {
    chain_id: int8,
    pool_id: text,
    owner: text,
    liquidity: amount,
    /** Sums over the whole history, base units. */
    added_a: amount,
    added_b: amount,
    removed_a: amount,
    removed_b: amount,
    opened_block: int8,
    opened_time: int8,
    updated_block: int8,
  },
  key: ['chain_id', 'pool_id', 'owner'],
  indexes: [{ name: 'liquidity_positions_by_owner', on: '(chain_id, owner, pool_id)' }],
});

export const liquidityChanges = defineTable({
  name: 'liquidity_changes',
  origin: 'chain',
  columns: {
    chain_id: int8,
    block_number: int8,
    log_index: int4,
    /** ADD or REMOVE. */
    kind: text,
    pool_id: text,
    user_address: text,
    amount_a: amount,
    amount_b: amount,
    liquidity: amount,
    tx_hash: text,
    block_time: int8,
    command_id: nullable(text),
  },
  key: ['chain_id', 'block_number', 'log_index'],
  born: 'block_time',
  indexes: [
    { name: 'liquidity_changes_by_pool', on: '(chain_id, pool_id, block_number, log_index)' },
    { name: 'liquidity_changes_by_user', on: '(chain_id, user_address, block_number, log_index)' },
  ],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    liquidity_positions: SelectedRowOf<typeof liquidityPositions>;
    liquidity_changes: SelectedRowOf<typeof liquidityChanges>;
  }
}
