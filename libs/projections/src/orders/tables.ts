import { int8, json, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

export const orders = defineTable({
  name: 'orders',
  origin: 'log',
  columns: {
    order_id: text,
    user_address: text,
    pool_id: text,
    kind: text,
    /** The terms of the command (OrderTerms), amounts as decimal text. */
    terms: json,
    execution: text,
    /** PENDING, SUBMITTED, CONFIRMED, FINALIZED, FAILED, EXPIRED or REVERTED. */
    status: text,
    tx_hash: nullable(text),
    block_number: nullable(int8),
    block_hash: nullable(text),
    /** What the chain says was traded (OrderResult); null before it is confirmed. */
    result: nullable(json),
    failure_code: nullable(text),
    failure_reason: nullable(text),
    requested_at: text,
    deadline: text,
    expired_at: nullable(text),
  },
  key: ['order_id'],
  indexes: [
    { name: 'orders_by_time', on: '(requested_at, order_id)' },
    { name: 'orders_by_user', on: '(user_address, requested_at, order_id)' },
    { name: 'orders_by_pool', on: '(pool_id, requested_at, order_id)' },
  ],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    orders: SelectedRowOf<typeof orders>;
  }
}
