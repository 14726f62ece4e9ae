import { amount, int8, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** Balances; one that came to zero keeps its row, so that those of the past are found by what is there. */
export const holdings = defineTable({
  name: 'holdings',
  origin: 'chain',
  columns: {
    chain_id: int8,
    token: text,
    holder: text,
    balance: amount,
    updated_block: int8,
    updated_time: int8,
  },
  key: ['chain_id', 'token', 'holder'],
  indexes: [
    { name: 'holdings_by_holder', on: '(chain_id, holder, token)' },
    { name: 'holdings_by_balance', on: '(chain_id, token, balance, holder)' },
  ],
});

/** What the transfers of a token add up to. */
export const tokenSupplies = defineTable({
  name: 'token_supplies',
  origin: 'chain',
  columns: {
    chain_id: int8,
    token: text,
    /** Minted minus burnt; equals the sum of the token's balances. */
    supply: amount,
    /** Addresses with a balance above zero, the pools' contract among them. */
    holders: int8,
    transfers: int8,
    updated_block: int8,
  },
  key: ['chain_id', 'token'],
  indexes: [{ name: 'token_supplies_by_holders', on: '(chain_id, holders, token)' }],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    holdings: SelectedRowOf<typeof holdings>;
    token_supplies: SelectedRowOf<typeof tokenSupplies>;
  }
}
