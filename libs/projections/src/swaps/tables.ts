import { amount, boolean, int4, int8, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

export const swaps = defineTable({
  name: 'swaps',
  origin: 'chain',
  columns: {
    chain_id: int8,
    block_number: int8,
    log_index: int4,
    pool_id: text,
    user_address: text,
    token_in: text,
    token_out: text,
    amount_in: amount,
    amount_out: amount,
    /** True where token A was sold for token B. */
    sells_a: boolean,
    /** The same amounts by side of the pool. The price of A in B is amount_b / amount_a, exactly. */
    amount_a: amount,
    amount_b: amount,
    /** The whole swap fee, in base units of token_in, and the protocol's part of it. */
    fee: amount,
    protocol_fee: amount,
    tx_hash: text,
    block_time: int8,
    command_id: nullable(text),
  },
  key: ['chain_id', 'block_number', 'log_index'],
  born: 'block_time',
  indexes: [
    { name: 'swaps_by_pool', on: '(chain_id, pool_id, block_number, log_index)' },
    { name: 'swaps_by_pool_time', on: '(chain_id, pool_id, block_time)' },
    { name: 'swaps_by_time', on: '(chain_id, block_time)' },
    { name: 'swaps_by_user', on: '(chain_id, user_address, block_number, log_index)' },
    { name: 'swaps_by_token_in', on: '(chain_id, token_in, block_time)' },
    { name: 'swaps_by_token_out', on: '(chain_id, token_out, block_time)' },
    { name: 'swaps_by_tx', on: '(tx_hash)' },
  ],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    swaps: SelectedRowOf<typeof swaps>;
  }
}
