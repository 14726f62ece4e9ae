import { amount, boolean, int4, int8, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/**
 * What each token of the factory is worth by its pools. Worths are in 10^-18 of a whole token of the other side of the deepest pool
 * that it has with another token of the factory, cut, and below 10^78; 0 without one. Amounts are base units of the token.
 */
export const tokenMarkets = defineTable({
  name: 'token_markets',
  origin: 'chain',
  columns: {
    chain_id: int8,
    token: text,
    creator: text,
    total_supply: amount,
    decimals: nullable(int4),
    /** How many of its pools are of each kind: see `pool_ranks`. */
    pools_of_factory: int4,
    pools_of_creator: int4,
    pools_of_strangers: int4,
    /** In all its pools, and in those with another token of the factory. */
    liquidity: amount,
    liquidity_of_factory: amount,
    /** Traded of it in pools with another token of the factory, in the window of the chain's clock. */
    volume: amount,
    /** The pool that its price is read at, and what is in it of both; null without a pool. */
    pool_id: nullable(text),
    other: nullable(text),
    /** Whether it is token A of that pool. */
    is_a: boolean,
    own_reserve: amount,
    other_reserve: amount,
    /** Of the deepest pool with another token of the factory, by which it is ranked; 0 without one. */
    ranked_own: amount,
    ranked_other: amount,
    ranked_decimals: nullable(int4),
    market_cap: amount,
    liquidity_worth: amount,
    volume_worth: amount,
    updated_block: int8,
  },
  key: ['chain_id', 'token'],
  indexes: [
    { name: 'token_markets_by_market_cap', on: '(chain_id, market_cap, token)' },
    { name: 'token_markets_by_liquidity', on: '(chain_id, liquidity_worth, token)' },
    { name: 'token_markets_by_volume', on: '(chain_id, volume_worth, token)' },
  ],
});

/** The kinds of a token's pools: with another token of the factory, opened by its creator, and those that are neither. */
export const POOL_KINDS = { OF_FACTORY: 0, OF_CREATOR: 1, OF_STRANGERS: 2 } as const;
export type PoolKind = (typeof POOL_KINDS)[keyof typeof POOL_KINDS];

/** A pool, and where it stands among those of each of its tokens; null for a token that the factory did not make. */
export const marketPools = defineTable({
  name: 'market_pools',
  origin: 'chain',
  columns: {
    chain_id: int8,
    pool_id: text,
    token_a: text,
    token_b: text,
    creator: nullable(text),
    reserve_a: amount,
    reserve_b: amount,
    kind_a: nullable(int4),
    rank_a: nullable(int4),
    kind_b: nullable(int4),
    rank_b: nullable(int4),
  },
  key: ['chain_id', 'pool_id'],
  indexes: [],
});

/**
 * The pools of a token and kind as a heap: that of rank 0 holds most of the token, and each holds no less than those of twice its
 * rank plus one and plus two. So a change of reserves moves a few rows, however many pools there are.
 */
export const poolRanks = defineTable({
  name: 'pool_ranks',
  origin: 'chain',
  columns: { chain_id: int8, token: text, kind: int4, rank: int4, pool_id: text },
  key: ['chain_id', 'token', 'kind', 'rank'],
  indexes: [],
});

/** What was traded between tokens of the factory, numbered in the order of the chain. */
export const marketTrades = defineTable({
  name: 'market_trades',
  origin: 'chain',
  columns: {
    chain_id: int8,
    number: int8,
    block_time: int8,
    token_in: text,
    token_out: text,
    amount_in: amount,
    amount_out: amount,
  },
  key: ['chain_id', 'number'],
  indexes: [{ name: 'market_trades_by_time', on: '(chain_id, block_time)' }],
});

/** Which trades are in `token_markets.volume`: from `oldest` on, up to but without `next`. */
export const marketClocks = defineTable({
  name: 'market_clocks',
  origin: 'chain',
  columns: {
    chain_id: int8,
    oldest: int8,
    /** Block time of the oldest; of no meaning where there is none. */
    oldest_time: int8,
    next: int8,
  },
  key: ['chain_id'],
  indexes: [],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    token_markets: SelectedRowOf<typeof tokenMarkets>;
    market_pools: SelectedRowOf<typeof marketPools>;
    pool_ranks: SelectedRowOf<typeof poolRanks>;
    market_trades: SelectedRowOf<typeof marketTrades>;
    market_clocks: SelectedRowOf<typeof marketClocks>;
  }
}
