import { amount, int4, int8, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** The fees in force, one row each: SWAP and PROTOCOL in basis points of 10,000, TOKEN_CREATION in wei. */
export const feesInForce = defineTable({
  name: 'fees_in_force',
  origin: 'chain',
  columns: { chain_id: int8, kind: text, value: amount, block_number: int8, log_index: int4 },
  key: ['chain_id', 'kind'],
  indexes: [],
});

export const feeChanges = defineTable({
  name: 'fee_changes',
  origin: 'chain',
  columns: {
    chain_id: int8,
    block_number: int8,
    log_index: int4,
    kind: text,
    old_value: amount,
    new_value: amount,
    tx_hash: text,
    block_time: int8,
  },
  key: ['chain_id', 'block_number', 'log_index'],
  indexes: [],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    fees_in_force: SelectedRowOf<typeof feesInForce>;
    fee_changes: SelectedRowOf<typeof feeChanges>;
  }
}
