import { int4, int8, amount, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** Every token that the factory created, whoever called it. */
export const tokens = defineTable({
  name: 'tokens',
  origin: 'chain',
  columns: {
    chain_id: int8,
    address: text,
    /** DEPLOYED or DEACTIVATED. */
    status: text,
    creator: text,
    name: text,
    symbol: text,
    /** Null until the fact that tells it, later in the same transaction. */
    decimals: nullable(int4),
    metadata_uri: nullable(text),
    total_supply: amount,
    tx_hash: text,
    block_number: int8,
    block_time: int8,
    log_index: int4,
    /** Claimed by the transaction's sender. */
    command_id: nullable(text),
    /** The newest block that changed this row. */
    updated_block: int8,
  },
  key: ['chain_id', 'address'],
  indexes: [
    { name: 'tokens_by_block', on: '(chain_id, block_number, log_index)' },
    { name: 'tokens_by_creator', on: '(chain_id, creator, block_number, log_index)' },
    { name: 'tokens_name_search', on: 'USING gin (name gin_trgm_ops)' },
    { name: 'tokens_symbol_search', on: 'USING gin (symbol gin_trgm_ops)' },
    { name: 'tokens_address_search', on: '(chain_id, lower(address))' },
  ],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    tokens: SelectedRowOf<typeof tokens>;
  }
}
