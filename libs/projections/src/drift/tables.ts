import { boolean, int8, json, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** Where the read models were found to differ from the chain; an agreement of later ends it. */
export const drifts = defineTable({
  name: 'drifts',
  origin: 'log',
  columns: {
    chain_id: int8,
    drift_id: text,
    kind: text,
    contract: text,
    pool_id: nullable(text),
    account: nullable(text),
    /** A list of `{ name, ours, chain }`. */
    differences: json,
    block_number: int8,
    block_hash: text,
    first_block: int8,
    first_block_exact: boolean,
    found_at: text,
    ended_block: nullable(int8),
    ended_at: nullable(text),
  },
  key: ['chain_id', 'drift_id'],
  indexes: [
    { name: 'drifts_by_time', on: '(chain_id, found_at, drift_id)' },
    { name: 'drifts_open', on: '(chain_id) WHERE ended_at IS NULL' },
  ],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    drifts: SelectedRowOf<typeof drifts>;
  }
}
