import { type Price, priceChange, spotPrice, wholePrice, worthAt } from '@abland/domain';
import { type RawBuilder, sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';

export const DAY_SECONDS = 86_400;

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
type Reserves = readonly [own: string, other: string];

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
  input: { chainId: number; addresses: readonly string[]; now: number },
): Promise<ReadonlyMap<string, TokenAnalytics>> {
  const from = input.now - DAY_SECONDS;
  const reserves = (order: 'ASC' | 'DESC', condition: RawBuilder<unknown>) => sql`(
    SELECT CASE WHEN p.is_a THEN json_build_array(r.reserve_a::text, r.reserve_b::text)
                ELSE json_build_array(r.reserve_b::text, r.reserve_a::text) END
    FROM read_model.pool_reserves r
    WHERE r.chain_id = t.chain_id AND r.pool_id = p.pool_id AND ${condition}
    ORDER BY r.block_time ${sql.raw(order)}, r.block_number ${sql.raw(order)}, r.log_index ${sql.raw(order)} LIMIT 1)`;
  const { rows } = await sql<MarketRow>`
    SELECT t.address, t.decimals, t.total_supply, coalesce(s.holders, 0) AS holders,
      p.pool_id, p.other, o.address IS NULL AS other_is_foreign, coalesce(o.decimals, f.decimals) AS other_decimals, p.liquidity, v.volume, v.swaps,
      CASE WHEN p.pool_id IS NOT NULL THEN json_build_array(p.own_reserve::text, p.other_reserve::text) END AS reserves_now,
      ${reserves('DESC', sql`r.block_time <= ${from}::bigint`)} AS reserves_before,
      ${reserves('ASC', sql`r.block_time > ${from}::bigint`)} AS reserves_first
    FROM read_model.tokens t
    LEFT JOIN read_model.token_supplies s ON s.chain_id = t.chain_id AND s.token = t.address
    LEFT JOIN LATERAL (
      SELECT sides.*, sum(own_reserve) OVER () AS liquidity FROM (
        SELECT pool_id, creator, true AS is_a, token_b AS other, reserve_a AS own_reserve, reserve_b AS other_reserve
        FROM read_model.pools WHERE chain_id = t.chain_id AND token_a = t.address
        UNION ALL
        SELECT pool_id, creator, false, token_a, reserve_b, reserve_a FROM read_model.pools WHERE chain_id = t.chain_id AND token_b = t.address
      ) sides ORDER BY own_reserve > 0 AND (creator = t.creator OR EXISTS (
        SELECT 1 FROM read_model.tokens x WHERE x.chain_id = t.chain_id AND x.address = other
      )) DESC NULLS LAST, own_reserve DESC, pool_id LIMIT 1
    ) p ON true
    LEFT JOIN read_model.tokens o ON o.chain_id = t.chain_id AND o.address = p.other
    LEFT JOIN read_model.foreign_tokens f ON o.address IS NULL AND f.chain_id = t.chain_id AND f.address = p.other
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(amount), 0) AS volume, count(*) AS swaps FROM (
        SELECT amount_in AS amount FROM read_model.swaps
        WHERE chain_id = t.chain_id AND token_in = t.address AND block_time > ${from}::bigint AND block_time <= ${input.now}::bigint
        UNION ALL
        SELECT amount_out FROM read_model.swaps
        WHERE chain_id = t.chain_id AND token_out = t.address AND block_time > ${from}::bigint AND block_time <= ${input.now}::bigint
      ) traded
    ) v
    WHERE t.chain_id = ${input.chainId}::bigint AND t.address = ANY(${input.addresses})
  `.execute(db);
  return new Map(rows.map((row) => [row.address, analyticsOf(row)]));
}

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

const priceBy = ([own, other]: Reserves): Price | null => spotPrice(BigInt(other), BigInt(own));

function priceView(price: Price, quoteToken: string, row: MarketRow): PriceView {
  return {
    quoteToken,
    quoteIsForeign: row.other_is_foreign,
    numerator: price.quote.toString(),
    denominator: price.base.toString(),
    value: wholePrice(price, { quote: row.other_decimals, base: row.decimals }),
  };
}
