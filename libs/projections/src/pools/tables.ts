import { amount, int4, int8, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** Every pool of the liquidity manager, whoever opened it. */
export const pools = defineTable({
  name: 'pools',
  origin: 'chain',
  columns: {
    chain_id: int8,
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
  key: ['chain_id', 'pool_id'],
  indexes: [
    { name: 'pools_by_token_a', on: '(chain_id, token_a, token_b)' },
    { name: 'pools_by_token_b', on: '(chain_id, token_b)' },
    { name: 'pools_by_block', on: '(chain_id, block_number, log_index)' },
    { name: 'pools_by_creator', on: '(chain_id, creator, block_number, log_index)' },
  ],
});

/** The reserves after each change of them: how deep a pool was, and at which price, at any moment. Base units. */
export const poolReserves = defineTable({
  name: 'pool_reserves',
  origin: 'chain',
  columns: {
    chain_id: int8,
    block_number: int8,
    log_index: int4,
    pool_id: text,
    reserve_a: amount,
    reserve_b: amount,
    total_liquidity: amount,
    block_time: int8,
  },
  key: ['chain_id', 'block_number', 'log_index'],
  born: 'block_time',
  indexes: [
    { name: 'pool_reserves_by_pool', on: '(chain_id, pool_id, block_time, block_number, log_index)' },
  ],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    pools: SelectedRowOf<typeof pools>;
    pool_reserves: SelectedRowOf<typeof poolReserves>;
  }
}
