import { amount, int8, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** What a holder of a token of the factory lets the liquidity manager take; above zero, base units. */
export const allowances = defineTable({
  name: 'allowances',
  origin: 'chain',
  columns: {
    chain_id: int8,
    token: text,
    owner: text,
    spender: text,
    /** 2^256 - 1 is without a limit: nothing that is taken makes it less. */
    amount,
    updated_block: int8,
  },
  key: ['chain_id', 'token', 'owner', 'spender'],
  indexes: [],
});

/** What the manager said last that it takes, and has not taken yet: it tells of a deposit or a swap before it moves tokens. */
export const awaitedPulls = defineTable({
  name: 'awaited_pulls',
  origin: 'chain',
  columns: {
    chain_id: int8,
    manager: text,
    tx_hash: text,
    /** From whom. */
    owner: text,
    /** Base units of one token, and of another in a deposit; null once taken. */
    one: nullable(amount),
    other: nullable(amount),
    /** What a swap buys: one that sells just that is the next step of the same route, and takes nothing. */
    bought_token: nullable(text),
    bought_amount: nullable(amount),
  },
  key: ['chain_id', 'manager'],
  indexes: [],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    allowances: SelectedRowOf<typeof allowances>;
    awaited_pulls: SelectedRowOf<typeof awaitedPulls>;
  }
}
