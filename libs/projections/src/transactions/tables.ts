import { amount, int4, int8, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** Mined transactions that touched our contracts, one row each. Those not mined yet are in `requests`. */
export const transactions = defineTable({
  name: 'transactions',
  origin: 'chain',
  columns: {
    chain_id: int8,
    tx_hash: text,
    /** The weightiest thing it did; null where it was reverted and did nothing. */
    type: nullable(text),
    /** CONFIRMED or FAILED. */
    status: text,
    failure_reason: nullable(text),
    block_number: int8,
    block_time: int8,
    /** Log index of its first fact; -1 where no log stands for it. */
    first_log_index: int4,
    user_address: text,
    token: nullable(text),
    pool_id: nullable(text),
    command_id: nullable(text),
    /** Who paid for it; null, as what follows, where no command was told of and where it is not known. */
    payer: nullable(text),
    gas_used: nullable(amount),
    /** In wei. */
    gas_price: nullable(amount),
    /** What of the cost was paid for data on the chain below, in wei; null where none is told. */
    data_fee: nullable(amount),
    /** In wei. */
    cost: nullable(amount),
    /** What it sent, in wei; null, as what follows, also where the log has it from before that was told. */
    value: nullable(amount),
    /** The beginning of its input, and of how many bytes the whole is. */
    input: nullable(text),
    input_bytes: nullable(int8),
  },
  key: ['chain_id', 'tx_hash'],
  indexes: [
    { name: 'transactions_by_block', on: '(chain_id, block_number, first_log_index, tx_hash)' },
    { name: 'transactions_by_user', on: '(chain_id, user_address, block_number, first_log_index, tx_hash)' },
    { name: 'transactions_by_token', on: '(chain_id, token, block_number, first_log_index, tx_hash)' },
    { name: 'transactions_by_pool', on: '(chain_id, pool_id, block_number, first_log_index, tx_hash)' },
  ],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    transactions: SelectedRowOf<typeof transactions>;
  }
}
