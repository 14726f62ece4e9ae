import { sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import { type Price, priceOf, ratioText } from '../read-model/ratio.js';

export const DAY_SECONDS = 86_400;

export interface TokenAnalytics {
  readonly address: string;
  /** The pool that holds most of the token; price, market cap and price change are read there. Null without a pool. */
  readonly referencePoolId: string | null;
  /** Spot price by the reference pool's reserves. */
  readonly price: Price | null;
  /**
   * Percent between the last trade before the window (else the first one in it) and the last trade, in the reference pool;
   * null without trades. Signed decimal text.
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

interface MarketRow {
  address: string;
  decimals: number | null;
  total_supply: string;
  holders: string;
  pool_id: string | null;
  other: string | null;
  other_decimals: number | null;
  own_reserve: string | null;
  other_reserve: string | null;
  liquidity: string | null;
  volume: string;
  swaps: string;
  /** Trades as [quote amount, token amount]. */
  first_trade: readonly [string, string] | null;
  before_trade: readonly [string, string] | null;
  last_trade: readonly [string, string] | null;
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
  const trade = (order: 'ASC' | 'DESC', condition: ReturnType<typeof sql>) => sql`(
    SELECT CASE WHEN p.is_a THEN json_build_array(w.amount_b::text, w.amount_a::text)
                ELSE json_build_array(w.amount_a::text, w.amount_b::text) END
    FROM read_model.swaps w
    WHERE w.chain_id = t.chain_id AND w.pool_id = p.pool_id AND w.amount_a > 0 AND w.amount_b > 0 AND ${condition}
    ORDER BY w.block_time ${sql.raw(order)}, w.block_number ${sql.raw(order)}, w.log_index ${sql.raw(order)} LIMIT 1)`;
  const { rows } = await sql<MarketRow>`
    SELECT t.address, t.decimals, t.total_supply, coalesce(s.holders, 0) AS holders,
      p.pool_id, p.other, o.decimals AS other_decimals, p.own_reserve, p.other_reserve, p.liquidity,
      v.volume, v.swaps,
      ${trade('ASC', sql`w.block_time > ${from}::bigint AND w.block_time <= ${input.now}::bigint`)} AS first_trade,
      ${trade('DESC', sql`w.block_time <= ${from}::bigint`)} AS before_trade,
      ${trade('DESC', sql`w.block_time <= ${input.now}::bigint`)} AS last_trade
    FROM read_model.tokens t
    LEFT JOIN read_model.token_supplies s ON s.chain_id = t.chain_id AND s.token = t.address
    LEFT JOIN LATERAL (
      SELECT sides.*, sum(own_reserve) OVER () AS liquidity FROM (
        SELECT pool_id, true AS is_a, token_b AS other, reserve_a AS own_reserve, reserve_b AS other_reserve
        FROM read_model.pools WHERE chain_id = t.chain_id AND token_a = t.address
        UNION ALL
        SELECT pool_id, false, token_a, reserve_b, reserve_a FROM read_model.pools WHERE chain_id = t.chain_id AND token_b = t.address
      ) sides ORDER BY own_reserve DESC, pool_id LIMIT 1
    ) p ON true
    LEFT JOIN read_model.tokens o ON o.chain_id = t.chain_id AND o.address = p.other
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
  const own = BigInt(row.own_reserve ?? '0');
  const other = BigInt(row.other_reserve ?? '0');
  const price =
    row.other === null
      ? null
      : priceOf(
          { token: row.other, amount: other, decimals: row.other_decimals ?? 0 },
          { amount: own, decimals: row.decimals ?? 0 },
        );
  return {
    address: row.address,
    referencePoolId: row.pool_id,
    price,
    priceChange24h: priceChange(row.before_trade ?? row.first_trade, row.last_trade),
    volume24h: row.volume,
    marketCap: price === null ? null : ((BigInt(row.total_supply) * other) / own).toString(),
    holders: Number(row.holders),
    transactions24h: Number(row.swaps),
    liquidity: row.liquidity ?? '0',
  };
}

type Trade = readonly [quote: string, base: string];

/** (last / then - 1) in percent. */
function priceChange(then: Trade | null, last: Trade | null): string | null {
  if (then === null || last === null) return null;
  const [thenQuote, thenBase, lastQuote, lastBase] = [then[0], then[1], last[0], last[1]].map(BigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const before = thenQuote * lastBase;
  return ratioText(100n * (lastQuote * thenBase - before), before, PERCENT_DIGITS);
}

const PERCENT_DIGITS = 8;
