import { amount, int8, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

export const forwarderNonces = defineTable({
  name: 'forwarder_nonces',
  origin: 'chain',
  columns: {
    chain_id: int8,
    signer: text,
    /** The nonce that the forwarder expects next of this signer. */
    next_nonce: amount,
    updated_block: int8,
  },
  key: ['chain_id', 'signer'],
  indexes: [],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    forwarder_nonces: SelectedRowOf<typeof forwarderNonces>;
  }
}
