import { int4, int8, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

export const chainHeads = defineTable({
  name: 'chain_heads',
  origin: 'chain',
  columns: {
    chain_id: int8,
    number: int8,
    hash: text,
    time: int8,
    /** What shows that no log of the block is missing: NONE, BLOOM or RECEIPTS. */
    proof: text,
    /** How many providers gave the same block. */
    providers: int4,
  },
  key: ['chain_id'],
  indexes: [],
});

/** Blocks of the chain as it is now, so that a block number tells its hash and time. */
export const blocks = defineTable({
  name: 'blocks',
  origin: 'chain',
  columns: { chain_id: int8, number: int8, hash: text, parent_hash: text, time: int8, facts: int4 },
  key: ['chain_id', 'number'],
  born: 'time',
  indexes: [{ name: 'blocks_by_time', on: '(chain_id, time)' }],
});

export const chainFinality = defineTable({
  name: 'chain_finality',
  origin: 'log',
  columns: { chain_id: int8, number: int8, hash: text },
  key: ['chain_id'],
  indexes: [],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    chain_heads: SelectedRowOf<typeof chainHeads>;
    blocks: SelectedRowOf<typeof blocks>;
    chain_finality: SelectedRowOf<typeof chainFinality>;
  }
}
