import { amount, int4, int8, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/**
 * Open, high, low and close of A in B as the exact fractions amount_b / amount_a of the swaps that set them; times in
 * seconds, the bucket named by its first second. Buckets without a swap have no row.
 */
export const candles = defineTable({
  name: 'candles',
  origin: 'chain',
  columns: {
    chain_id: int8,
    pool_id: text,
    /** Length in seconds: 60, 300, 3600 or 86400. */
    interval_seconds: int4,
    bucket_time: int8,
    open_b: amount,
    open_a: amount,
    high_b: amount,
    high_a: amount,
    low_b: amount,
    low_a: amount,
    close_b: amount,
    close_a: amount,
    volume_a: amount,
    volume_b: amount,
    swaps: int8,
    updated_block: int8,
  },
  key: ['chain_id', 'pool_id', 'interval_seconds', 'bucket_time'],
  born: 'bucket_time',
  indexes: [],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    candles: SelectedRowOf<typeof candles>;
  }
}
