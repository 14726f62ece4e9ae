import { type Price, priceChange, spotPrice, wholePrice, worthAt } from '@abland/domain';
import { sql } from 'kysely';
import { foreignTokens } from '../foreign-tokens/tables.js';
import { tokenSupplies } from '../holdings/tables.js';
import { tokenMarkets } from '../markets/tables.js';
import { WINDOW_SECONDS } from '../markets/volume-window.js';
import { poolReserves } from '../pools/tables.js';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import type { Scope, Sql, Tables } from '../read-model/tables.js';
import { swaps } from '../swaps/tables.js';
import { supplyOfToken } from '../tokens/queries.js';
import { tokens } from '../tokens/tables.js';

export interface TokenAnalytics {
  readonly address: string;
  /**
   * The pool that price, market cap and price change are read at: of those with a token of the factory, and those that the token's
   * creator opened, the one that holds most of it. Pools of strangers' tokens that others opened count only where there is no such
   * pool, else anyone could name a price. Null without a pool.
   */
  readonly referencePoolId: string | null;
  /** Spot price by the reference pool's reserves. */
  readonly price: PriceView | null;
  /**
   * Percent between the reference pool's spot price when the window began (a younger pool: when it was opened) and now; null
   * without a price. Signed decimal text.
   */
  readonly priceChange24h: string | null;
  /** Base units of the token bought and sold in all pools in the window. */
  readonly volume24h: string;
  /** Total supply at the spot price, in base units of the price's quote token, cut. */
  readonly marketCap: string | null;
  readonly holders: number;
  /** Swaps of the token in the window. */
  readonly transactions24h: number;
  /** Base units of the token in all pools. */
  readonly liquidity: string;
}

export interface PriceView {
  /** The token that the price is counted in. */
  readonly quoteToken: string;
  /** Whether the factory did not make that one: anyone may have, and it may be worth nothing. */
  readonly quoteIsForeign: boolean;
  /** Base units of the quote token for `denominator` base units of the token, exactly. */
  readonly numerator: string;
  readonly denominator: string;
  /** Whole quote tokens for one whole token, 18 significant digits, cut; null where the decimals of one are not known. */
  readonly value: string | null;
}

/** Of the token and of the pool's other one, base units. */
export type Reserves = readonly [own: string, other: string];

interface MarketRow {
  address: string;
  /** Null until the fact that tells them. */
  decimals: number | null;
  total_supply: string;
  holders: string;
  pool_id: string | null;
  other: string | null;
  other_is_foreign: boolean;
  /** Of a token that the factory did not make as it says itself. */
  other_decimals: number | null;
  liquidity: string | null;
  volume: string;
  swaps: string;
  reserves_now: Reserves | null;
  /** The last ones that the window did not see come, and the first that it did. */
  reserves_before: Reserves | null;
  reserves_first: Reserves | null;
}

/**
 * Of the tokens on the chain among the addresses.
 * @param input.now seconds since the epoch; the window is the 24 hours up to and including it, by block time
 */
export async function tokenAnalytics(
  db: ReadModel,
  input: { chainId: number; addresses: readonly string[]; now: number; at?: At | null | undefined },
): Promise<ReadonlyMap<string, TokenAnalytics>> {
  const rows = await readAt<MarketRow>(db, READS, input.at, (tables) => marketsOf(tables, input));
  return new Map(rows.map((row) => [row.address, analyticsOf(row)]));
}

const READS = {
  tokens: [tokens],
  'foreign-tokens': [foreignTokens],
  holdings: [tokenSupplies],
  markets: [tokenMarkets],
  pools: [poolReserves],
  swaps: [swaps],
};

function marketsOf(
  tables: Tables,
  input: { readonly chainId: number; readonly addresses: readonly string[]; readonly now: number },
): Sql {
  const from = input.now - WINDOW_SECONDS;
  const key = { chain_id: sql`${input.chainId}::bigint`, address: sql`asked.address` };
  return sql`
    SELECT t.address, t.decimals, t.total_supply, coalesce(s.holders, 0) AS holders,
      p.pool_id, p.other, o.address IS NULL AS other_is_foreign, coalesce(o.decimals, f.decimals) AS other_decimals, p.liquidity, v.volume, v.swaps,
      CASE WHEN p.pool_id IS NOT NULL THEN json_build_array(p.own_reserve::text, p.other_reserve::text) END AS reserves_now,
      ${reservesBefore(tables, from, input.now)}
    FROM (SELECT DISTINCT address FROM unnest(${input.addresses}::text[]) AS u(address)) asked
    JOIN ${tables.row(tokens, 't', key)} ON true
    LEFT JOIN ${supplyOfToken(tables)} ON true
    LEFT JOIN ${tables.row(tokenMarkets, 'p', { chain_id: sql`t.chain_id`, token: sql`t.address` })} ON true
    LEFT JOIN ${tables.row(tokens, 'o', { chain_id: sql`t.chain_id`, address: sql`p.other` })} ON true
    LEFT JOIN ${tables.row(foreignTokens, 'f', { chain_id: sql`t.chain_id`, address: sql`p.other` })} ON o.address IS NULL
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(amount), 0) AS volume, count(*) AS swaps FROM (
        SELECT w.amount_in AS amount FROM ${tradedOf(tables, 'token_in', from, input.now)}
        UNION ALL
        SELECT w.amount_out FROM ${tradedOf(tables, 'token_out', from, input.now)}
      ) traded
    ) v`;
}

/** What the pool `p` of a token `t` held when the window began, and what was the first in it: columns of a select. */
export const reservesBefore = (tables: Tables, from: number, now: number): Sql => sql`
  ${reservesAt(tables, 'DESC', (row) => sql`${row}.block_time <= ${from}::bigint`)} AS reserves_before,
  ${reservesAt(tables, 'ASC', (row) => sql`${row}.block_time > ${from}::bigint AND ${row}.block_time <= ${now}::bigint`)} AS reserves_first`;

/** Of the pool `p` of a token `t`, the first by time. */
function reservesAt(tables: Tables, direction: 'ASC' | 'DESC', by: Scope): Sql {
  const way = sql.raw(direction);
  const lastingOrder: Scope = (row) =>
    sql`${row}.block_time ${way}, ${row}.block_number ${way}, ${row}.log_index ${way}`;
  const listed = {
    where: sql`true`,
    scope: (row: Sql) => sql`${row}.chain_id = t.chain_id AND ${row}.pool_id = p.pool_id AND ${by(row)}`,
    order: lastingOrder(sql`r`),
    lastingOrder,
    limit: 1,
  };
  return sql`(
    SELECT CASE WHEN p.is_a THEN json_build_array(r.reserve_a::text, r.reserve_b::text)
                ELSE json_build_array(r.reserve_b::text, r.reserve_a::text) END
    FROM ${tables.page(poolReserves, 'r', listed)})`;
}

/** What was swapped of a token `t` in the window. */
export const tradedOf = (tables: Tables, side: 'token_in' | 'token_out', from: number, now: number): Sql =>
  tables.rows(
    swaps,
    'w',
    sql`true`,
    (row) => sql`${row}.chain_id = t.chain_id AND ${row}.${sql.id(side)} = t.address
      AND ${row}.block_time > ${from}::bigint AND ${row}.block_time <= ${now}::bigint`,
  );

function analyticsOf(row: MarketRow): TokenAnalytics {
  const price = row.reserves_now === null ? null : priceBy(row.reserves_now);
  const before = row.reserves_before ?? row.reserves_first;
  const then = before === null ? null : priceBy(before);
  return {
    address: row.address,
    referencePoolId: row.pool_id,
    price: price === null || row.other === null ? null : priceView(price, row.other, row),
    priceChange24h: then === null || price === null ? null : priceChange(then, price),
    volume24h: row.volume,
    marketCap: price === null ? null : worthAt(BigInt(row.total_supply), price).toString(),
    holders: Number(row.holders),
    transactions24h: Number(row.swaps),
    liquidity: row.liquidity ?? '0',
  };
}

export const priceBy = ([own, other]: Reserves): Price | null => spotPrice(BigInt(other), BigInt(own));

function priceView(price: Price, quoteToken: string, row: MarketRow): PriceView {
  return {
    quoteToken,
    quoteIsForeign: row.other_is_foreign,
    numerator: price.quote.toString(),
    denominator: price.base.toString(),
    value: wholePrice(price, { quote: row.other_decimals, base: row.decimals }),
  };
}
