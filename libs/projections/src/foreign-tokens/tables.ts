import { int4, int8, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** Tokens of opened pools that the factory did not make, as they describe themselves. Texts are of strangers' making. */
export const foreignTokens = defineTable({
  name: 'foreign_tokens',
  origin: 'chain',
  columns: {
    chain_id: int8,
    address: text,
    name: nullable(text),
    symbol: nullable(text),
    decimals: nullable(int4),
    /** Why what is null is: FAILED, EMPTY, MALFORMED or UNANSWERED. */
    name_missing: nullable(text),
    symbol_missing: nullable(text),
    decimals_missing: nullable(text),
    /** The state that was asked: BLOCK or NEWEST. */
    state: text,
    /** The newest block that describes it. */
    updated_block: int8,
  },
  key: ['chain_id', 'address'],
  indexes: [],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    foreign_tokens: SelectedRowOf<typeof foreignTokens>;
  }
}
