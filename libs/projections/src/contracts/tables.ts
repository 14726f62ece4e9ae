import { amount, boolean, int4, int8, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** What each of the deployment's own contracts is set to, by its own word. Null: it never said, for it has none. */
export const contractSettings = defineTable({
  name: 'contract_settings',
  origin: 'chain',
  columns: {
    chain_id: int8,
    contract: text,
    /** True since its pause began, unless somebody ended it; a contract that cannot be paused never is. */
    paused: boolean,
    /** Seconds since the epoch at which its pause ends by itself; 0 where somebody ended it, null where it never told. */
    paused_until: nullable(int8),
    owner: nullable(text),
    /** Who was named as the next owner and has yet to accept. */
    pending_owner: nullable(text),
    /** Who may pause it beside its owner; address zero for nobody. */
    guardian: nullable(text),
    fee_recipient: nullable(text),
    /** Basis points of 10,000; the protocol's fee is a part of the swap fee. */
    swap_fee: nullable(amount),
    protocol_fee: nullable(amount),
    /** Wei. */
    creation_fee: nullable(amount),
    updated_block: int8,
  },
  key: ['chain_id', 'contract'],
  indexes: [],
});

export const feeChanges = defineTable({
  name: 'fee_changes',
  origin: 'chain',
  columns: {
    chain_id: int8,
    block_number: int8,
    log_index: int4,
    /** SWAP and PROTOCOL in basis points of 10,000, TOKEN_CREATION in wei. */
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
    contract_settings: SelectedRowOf<typeof contractSettings>;
    fee_changes: SelectedRowOf<typeof feeChanges>;
  }
}
