import { int8, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** What there is of a chain's market in all. Users: addresses that created a token, swapped or provided liquidity. */
export const platformTotals = defineTable({
  name: 'platform_totals',
  origin: 'chain',
  columns: { chain_id: int8, tokens: int8, pools: int8, users: int8 },
  key: ['chain_id'],
  indexes: [],
});

/** What happened on a day, UTC by block time; days on which nothing did have no row. */
export const platformDays = defineTable({
  name: 'platform_days',
  origin: 'chain',
  columns: {
    chain_id: int8,
    /** Its first second. */
    day: int8,
    tokens: int8,
    pools: int8,
    swaps: int8,
    /** Deposits and withdrawals. */
    liquidity_changes: int8,
    new_users: int8,
    /** Different users that did something. */
    active_users: int8,
  },
  key: ['chain_id', 'day'],
  indexes: [],
});

/** When each user was seen. */
export const platformUsers = defineTable({
  name: 'platform_users',
  origin: 'chain',
  columns: { chain_id: int8, address: text, first_day: int8, last_day: int8 },
  key: ['chain_id', 'address'],
  indexes: [],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    platform_totals: SelectedRowOf<typeof platformTotals>;
    platform_days: SelectedRowOf<typeof platformDays>;
    platform_users: SelectedRowOf<typeof platformUsers>;
  }
}
